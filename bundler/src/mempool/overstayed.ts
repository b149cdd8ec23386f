// Who may wait no longer? Asked once a block.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Block } from '@worldland-aa/service/chain/block'
import type { Refusal } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import type { Reputation } from '../reputation/reputation.ts'
import { checkExpiry } from '../validation/expiry.ts'
import type { HorizonOf } from '../validation/horizon.ts'
import type { EntityRole } from '../validation/validatedOperation.ts'
import { entitiesOf } from './admission.ts'
import type { MempoolLimits } from './limits.ts'
import type { Entry, Pool } from './pool.ts'
import { refuseEntity } from './refuseEntity.ts'

type Departure = readonly [Entry, Refusal]

/** Operations to let go, with the reason. What is in flight stays: its transaction decides. */
export function overstayed(options: {
  pool: Pool
  head: Block
  limits: MempoolLimits
  reputation: Reputation
  horizonOf: HorizonOf
}): readonly Departure[] {
  const { pool, head, limits, reputation } = options
  const horizon = options.horizonOf(head, 'bundle')
  const departures = new Map<Entry, Refusal>()
  for (const entry of pool.entries()) {
    const { mempools } = entry.validated
    const expired = checkExpiry(entry.validated, head, horizon)
    if (expired !== undefined) departures.set(entry, expired)
    const waitedBlocks = head.number - entry.addedAtBlock
    const record = reputation.within(mempools)
    for (const [role, { address }] of entitiesOf(entry.validated)) {
      const status = record.statusOf(address)
      // ERC-7562 [GREP-010], [GREP-020]
      if (status === 'banned') departures.set(entry, banned(role, address))
      else if (status === 'throttled' && waitedBlocks > limits.throttledLiveBlocks)
        departures.set(entry, throttled(role, address, waitedBlocks))
    }
  }
  return [...departures].filter(([entry]) => entry.state === 'pending' && entry.stored && !entry.leaving)
}

function banned(role: EntityRole, address: Address): Refusal {
  return refuseEntity(rejectionCode.reputation, role, address, {
    rule: 'GREP-010',
    what: 'was banned while the operation waited: too many of its operations never landed',
    hint: 'use another, or wait until its record has faded',
  })
}

function throttled(role: EntityRole, address: Address, waitedBlocks: bigint): Refusal {
  return refuseEntity(rejectionCode.reputation, role, address, {
    rule: 'GREP-020',
    what: `is throttled, and the operation has waited for ${waitedBlocks} blocks`,
    hint: 'send it again',
  })
}
