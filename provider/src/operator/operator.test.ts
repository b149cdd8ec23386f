// What an operator reads: standing and earnings, as tables; and what he may ask.
import { parseEther } from 'viem'
import { describe, expect, it } from 'vitest'
import type { LeaseStanding } from '../leases/leaseRounds.ts'
import { createOperatorCommands } from './commands.ts'
import type { Earning } from './readEarnings.ts'
import { showEarnings } from './showEarnings.ts'
import { showStatus } from './showStatus.ts'

const payer = '0x00000000000000000000000000000000000000aa' as const

function earning(kind: Earning['kind'], agreementId: bigint, wei: bigint, day: string): Earning {
  const timestamp = Date.parse(`${day}T12:00:00Z`) / 1_000
  return { kind, agreementId, wei, timestamp, payer, blockNumber: 1n, logIndex: 0 }
}

describe('earnings', () => {
  it('are summed by day and by agreement, to the wei, and what is not final is told apart', () => {
    const shown = showEarnings({
      final: [
        earning('lease', 1n, 1_000_000_000_000_000_001n, '2026-11-29'),
        earning('ping', 1n, 2n, '2026-11-30'),
        earning('session', 1n, 40n, '2026-11-30'),
      ],
      notFinal: [earning('fault', 2n, 5n, '2026-11-30')],
      sinceBlock: 12n,
    })
    expect(shown.split('\n')).toEqual([
      'earned since block 12: 1000000000000000048 wei (1.000000000000000048 tokens)',
      'of which not final yet: 5 wei',
      '',
      'day (UTC)                   wei',
      '2026-11-29  1000000000000000001',
      '2026-11-30                   47',
      '',
      'agreement                  wei',
      'lease 1    1000000000000000003',
      'session 1                   40',
      'lease 2                      5',
    ])
  })

  it('are said to be none where there are none', () => {
    expect(showEarnings({ final: [], notFinal: [], sinceBlock: 3n })).toBe('nothing was earned since block 3')
  })
})

it('shows each lease with what the chain says, what its machine does, and why nothing happens', () => {
  const lease = {
    ...{ leaseId: 3n, state: 'ready', payer, units: 2, usedSeconds: 3_725, maximumSeconds: 90_000 },
    ...{ costWei: parseEther('0.5'), pricePerSecondWei: parseEther('0.36') / 3_600n, ping: undefined },
  } as unknown as NonNullable<LeaseStanding['lease']>
  const shown = showStatus({
    provider: '0xprovider',
    health: { healthy: false, checks: { node: 'has not answered for 40 s' } },
    isDraining: true,
    leases: [
      { leaseId: 3n, lease, machine: 'running', note: undefined },
      { leaseId: 12n, lease: undefined, machine: 'frozen', note: 'waits' },
    ],
    endpoints: [],
  })
  expect(shown).toContain('0xprovider  NOT healthy, draining')
  expect(shown).toContain('node  has not answered for 40 s')
  expect(shown).toMatch(/^3 +ready +running +1h 2m of 1d 1h +0\.500000 +0\.72 +0x000000…00aa$/m)
  expect(shown).toMatch(/^12 +none +frozen +waits$/m)
})

it('answers what it knows, and names what it knows where it is asked for something else', async () => {
  const asked: boolean[] = []
  const answer = createOperatorCommands({
    status: async () => 'well',
    earnings: async () => 'much',
    reload: async () => 'offers[0] is wrong',
    async drain(on) {
      asked.push(on)
    },
  })
  expect(await answer({ command: 'status' })).toMatchObject({ ok: true, message: 'well' })
  expect(await answer({ command: 'reload' })).toMatchObject({ ok: false })
  await answer({ command: 'drain' })
  await answer({ command: 'drain', argument: 'off' })
  expect(asked).toEqual([true, false])
  expect(await answer({ command: 'constructor' })).toEqual({
    ok: false,
    message: '"constructor" is none of status, earnings, drain, reload',
  })
})
