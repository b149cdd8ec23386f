// What final operations have cost, by who was to pay and by policy: sums that outlive the rows they were made of.
import type { Kysely, Transaction } from 'kysely'
import type { Hex } from 'viem'
import { isOpen } from './exposureStates.ts'
import type { LedgerSchema } from './schema.ts'

/** `policyId` as the contract carries it; the mode is `unknown` where the signature was never recorded. */
export type Purpose = { readonly mode: string; readonly policyId: Hex }

export type Spend = Purpose & {
  readonly costWei: bigint
  /** The part of it that should have come back in the token and did not. */
  readonly lossWei: bigint
  readonly operations: number
}

/** Of something that a reorg took back, all of it is negative. */
export async function bookSpend(ledger: Transaction<LedgerSchema>, spend: Spend): Promise<void> {
  const { mode, policyId } = spend
  const known = await ledger
    .selectFrom('spend')
    .selectAll()
    .where('mode', '=', mode)
    .where('policy_id', '=', policyId)
    .executeTakeFirst()
  const row = {
    cost_wei: String(BigInt(known?.cost_wei ?? 0) + spend.costWei),
    loss_wei: String(BigInt(known?.loss_wei ?? 0) + spend.lossWei),
    operations: (known?.operations ?? 0) + spend.operations,
  }
  await ledger
    .insertInto('spend')
    .values({ mode, policy_id: policyId, ...row })
    .onConflict(conflict => conflict.columns(['mode', 'policy_id']).doUpdateSet(row))
    .execute()
}

export async function readSpend(ledger: Kysely<LedgerSchema>): Promise<readonly Spend[]> {
  const rows = await ledger.selectFrom('spend').selectAll().execute()
  return rows.map(row => ({
    mode: row.mode,
    policyId: row.policy_id as Hex,
    costWei: BigInt(row.cost_wei),
    lossWei: BigInt(row.loss_wei),
    operations: row.operations,
  }))
}

export type Held = Purpose & { readonly heldWei: bigint }

/** What is spoken for at the moment, by what was signed last for each nonce. */
export async function readHeld(ledger: Kysely<LedgerSchema>): Promise<readonly Held[]> {
  const rows = await ledger
    .selectFrom('exposure')
    .select(['mode', 'policy_id', 'reserved_wei', 'actual_cost_wei'])
    .where(isOpen)
    .execute()
  const sums = new Map<string, Held>()
  for (const row of rows) {
    const purpose = { mode: row.mode ?? 'unknown', policyId: (row.policy_id ?? '0x') as Hex }
    const key = `${purpose.mode} ${purpose.policyId}`
    // As the deposit counts it: what has landed holds only what it did not use.
    const restWei = BigInt(row.reserved_wei) - BigInt(row.actual_cost_wei ?? 0)
    const heldWei = (sums.get(key)?.heldWei ?? 0n) + (restWei > 0n ? restWei : 0n)
    sums.set(key, { ...purpose, heldWei })
  }
  return [...sums.values()]
}
