import { parseEther } from 'viem'
import { describe, expect, it } from 'vitest'
import { parseCommandLine } from './flags.ts'
import { needsOfFlags } from './needsOfFlags.ts'

const needsOf = (line: string) => needsOfFlags(parseCommandLine(line.split(' ')).flags)
const provider = `0x${'a'.repeat(40)}`

describe('flags', () => {
  it('say what is needed, whichever come several times', () => {
    expect(
      needsOf(
        `plan --machines 3 --gpu 4090 --gpu L40 --hours 1.5 --region KR --round-trip KR-Seoul=12 --round-trip ${provider}=9 --spread close --budget 1.5 --not-provider ${provider}`,
      ),
    ).toMatchObject({
      machines: 3,
      gpuModels: ['4090', 'L40'],
      seconds: 5_400,
      regions: { allow: ['KR'] },
      roundTrips: { regions: { 'KR-Seoul': 12 }, providers: { [provider]: 9 } },
      spread: 'close',
      budgetWei: parseEther('1.5'),
      denyProviders: [provider],
    })
  })

  it('mean one machine where nothing else is said', () => {
    expect(needsOf('plan --seconds 60')).toMatchObject({ machines: 1, seconds: 60 })
    expect(needsOf('plan --seconds 60 --gpus 8')).toMatchObject({ machines: undefined, gpus: 8 })
  })

  it('that are wrong are named, with what is right', () => {
    for (const [line, said] of [
      ['plan', 'for how long'],
      ['plan --hours 1 --seconds 60', 'one of the two'],
      ['plan --hours -1', '--hours'],
      ['plan --hours 1e9', '--hours is "1e9"'],
      ['plan --seconds 60 --machines 1.5', '--machines is "1.5"'],
      ['plan --seconds 60 --budget 1,5', '--budget is "1,5"'],
      ['plan --seconds 60 --round-trip KR', '--round-trip is "KR"'],
      ['plan --seconds 60 --not-provider me', 'which is no address'],
      ['plan more --seconds 60', 'Nothing is known of "more"'],
      ['plan --private-key 0x12', "Unknown option '--private-key'"],
    ] as const) {
      expect(() => needsOf(line)).toThrow(said)
    }
  })
})
