import { createLogger } from '@worldland-aa/service/logger'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openBundlerDatabase } from '../database.ts'
import { numberedAddress } from '../testing/validated.ts'
import { createPairedPaymasters, type PairedPaymasters } from './pairedPaymasters.ts'
import { createReputation } from './reputation.ts'

const logger = createLogger({ name: 'test', level: 'silent' })
const [own, served, foreign] = [numberedAddress(1), numberedAddress(2), numberedAddress(3)]
let paired: PairedPaymasters | undefined

afterEach(async () => {
  await paired?.stop()
  paired = undefined
  vi.useRealTimers()
})

async function started(...answers: readonly Result<unknown>[]): Promise<PairedPaymasters> {
  const left = [...answers]
  const ask = async () => left.shift() ?? refuse({ code: -32002, message: 'away' })
  paired = createPairedPaymasters({ known: [own], ask: answers.length === 0 ? undefined : ask, logger })
  await paired.start()
  return paired
}

describe('the paymaster that a bundler is paired with', () => {
  it('is never banned by what strangers do with it, while foreign ones are', async () => {
    const { has } = await started(accept([served]))
    await expect.poll(() => has(served)).toBe(true)
    const { database } = await openBundlerDatabase(':memory:')
    const reputation = createReputation({ database, clock: { now: () => 0 }, logger, isTrusted: has })
    await reputation.start()
    for (const paymaster of [own, served, foreign]) reputation.crashed(paymaster)
    expect([own, served, foreign].map(reputation.statusOf)).toEqual(['ok', 'ok', 'banned'])
    expect(reputation.within(['a pool']).statusOf(served)).toBe('ok')
    await database.destroy()
  })

  it('is asked for again until its service answers, in any writing of its address', async () => {
    vi.useFakeTimers()
    const { has } = await started(
      refuse({ code: -32002, message: 'away' }),
      accept('nonsense'),
      accept([null, '0x12', served.toUpperCase().replace('0X', '0x')]),
    )
    await vi.advanceTimersByTimeAsync(35_000)
    expect(has(served)).toBe(false)
    await vi.advanceTimersByTimeAsync(30_000)
    expect(has(served)).toBe(true)
    expect(has(foreign)).toBe(false)
  })

  it('is whom the operator names, without a service to ask', async () => {
    const { has } = await started()
    expect([own, served].map(has)).toEqual([true, false])
  })
})
