// What final operations cost, hour by hour: booked in the transaction that books `spend`, so that the hours add up to it,
// and kept when the rows that they were made of are gone.
import type { Transaction } from 'kysely'
import type { LedgerSchema } from '../ledger/schema.ts'
import type { Spend } from '../ledger/spend.ts'

export type HourlySpend = Spend & {
  /** When its block was; seconds since the Unix epoch, null where that is not known. */
  readonly landedAtSeconds: number | null
  readonly chargeWei: bigint
  readonly isChargePaid: boolean
  readonly failed: number
}

const hourSeconds = 3_600

/** Of what a reorg took back, all sums are negative. */
export async function bookHour(ledger: Transaction<LedgerSchema>, spend: HourlySpend): Promise<void> {
  const { mode, policyId, landedAtSeconds, chargeWei, isChargePaid, costWei } = spend
  const key = { hour: hourOf(landedAtSeconds ?? 0), mode, policy_id: policyId }
  const known = await ledger
    .selectFrom('spend_hour')
    .selectAll()
    .where('hour', '=', key.hour)
    .where('mode', '=', mode)
    .where('policy_id', '=', policyId)
    .executeTakeFirst()
  const plus = (text: string | undefined, wei: bigint): string => String(BigInt(text ?? 0) + wei)
  const row = {
    cost_wei: plus(known?.cost_wei, costWei),
    loss_wei: plus(known?.loss_wei, spend.lossWei),
    charge_wei: plus(known?.charge_wei, isChargePaid ? chargeWei : 0n),
    unpaid_wei: plus(known?.unpaid_wei, isChargePaid ? 0n : chargeWei),
    charged_cost_wei: plus(known?.charged_cost_wei, isChargePaid && chargeWei !== 0n ? costWei : 0n),
    operations: (known?.operations ?? 0) + spend.operations,
    failed: (known?.failed ?? 0) + spend.failed,
  }
  await ledger
    .insertInto('spend_hour')
    .values({ ...key, ...row })
    .onConflict(conflict => conflict.columns(['hour', 'mode', 'policy_id']).doUpdateSet(row))
    .execute()
}

/** The beginning of its hour. */
export function hourOf(seconds: number): number {
  return seconds - (seconds % hourSeconds)
}
