// Chapter 4: a provider is killed. A ping goes unanswered, anybody claims the fault, and the bond pays.
import type { Lease } from '@worldland-aa/sdk/actions/lease/lease'
import { coins } from '../figures.ts'
import { untilLease } from '../untilLease.ts'
import type { ChapterStage } from './chapter.ts'
import { costOf, eventOf, land } from './landing.ts'
import { untilReady } from './untilReady.ts'

const paidSeconds = 900

export async function playFault(stage: ChapterStage): Promise<void> {
  const { cast, offers, steps, agent, signal } = stage
  const { payer, student, provider } = cast

  const lease = await steps.play('rent', 'Another lease', async () => {
    const landed = await land(
      payer,
      payer.client.rentInstance({ offerId: offers.instance, seconds: paidSeconds }),
    )
    const { leaseId } = eventOf(landed, 'instanceLease', 'LeaseOpened').args
    const ready = await untilReady(stage, payer, leaseId)
    return {
      value: ready,
      told: `Lease ${leaseId} runs, with a bond of ${coins(ready.bondWei)} behind it`,
      ...costOf(landed),
    }
  })
  const { leaseId } = lease
  const deadlineBlock = await steps.play('kill', 'The provider is killed', async () => {
    agent.kill()
    const landed = await land(payer, payer.client.pingProvider({ leaseId }))
    const { pongDeadlineBlock } = eventOf(landed, 'instanceLease', 'LeasePinged').args
    return {
      value: pongDeadlineBlock,
      told: `Its agent is killed; the payer asks for a sign of life, due by block ${pongDeadlineBlock}`,
      ...costOf(landed),
    }
  })
  await steps.play('silence', 'Silence', async update => {
    await untilLease(payer, {
      leaseId,
      signal,
      onStep: ({ block }) => update(`Block ${block.number}: no answer yet, due by block ${deadlineBlock}`),
      isReached: ({ block }) => block.number > deadlineBlock,
    })
    return { value: undefined, told: `Block ${deadlineBlock} has passed without an answer` }
  })
  await steps.play('claim', 'The fault is claimed', async () => {
    // Anybody may: here somebody who has nothing to do with this lease.
    const landed = await land(student, student.client.claimFault({ leaseId }))
    const { args } = eventOf(landed, 'instanceLease', 'LeaseFaulted')
    const { harmedWei, burntWei } = eventOf(landed, 'providerRegistry', 'Slashed').args
    assertFault(lease, { ...args, harmedWei, burntWei })
    const score = (await payer.client.getProvider({ provider: provider.address }))?.score
    if (score?.faults !== 1) throw new Error("The fault is not in the provider's record")
    return {
      value: undefined,
      told:
        `The meter ends at the ping: ${coins(args.providerWei)} earned, ${coins(args.refundWei)} and the deposit back; ` +
        `the bond of ${coins(lease.bondWei)} is slashed, ${coins(harmedWei)} to the payer, ${coins(burntWei)} burnt`,
      costWei: args.providerWei,
      ...costOf(landed),
    }
  })
}

/** To the wei. */
function assertFault(
  lease: Lease,
  fault: {
    readonly usedSeconds: number
    readonly providerWei: bigint
    readonly brokerWei: bigint
    readonly refundWei: bigint
    readonly slashedWei: bigint
    readonly harmedWei: bigint
    readonly burntWei: bigint
  },
): void {
  const sums: readonly (readonly [what: string, actual: bigint, expected: bigint])[] = [
    ['earned', fault.providerWei + fault.brokerWei, BigInt(fault.usedSeconds) * lease.pricePerSecondWei],
    ['earned + refund', fault.providerWei + fault.brokerWei + fault.refundWei, lease.escrowWei],
    ['slashed', fault.slashedWei, lease.bondWei],
    ['half of the bond', fault.harmedWei, lease.bondWei / 2n],
    ['the other half', fault.harmedWei + fault.burntWei, lease.bondWei],
  ]
  for (const [what, actual, expected] of sums) {
    if (actual !== expected) throw new Error(`${what}: ${actual} wei instead of ${expected} wei`)
  }
}
