// A landing that the deposit paid and whose signature this ledger does not know: given out after the backup that the
// ledger came back from, or by another service on the same contract. Booked as if it had been reserved for here.
import type { Transaction } from 'kysely'
import type { Hash, Hex } from 'viem'
import type { Landing } from './advance.ts'
import type { Budget } from './budget.ts'
import { holdBudgets, makeCounters } from './budgetCounters.ts'
import { moveDepositHeld } from './position.ts'
import type { LedgerSchema } from './schema.ts'
import type { Exposure } from './walkBack.ts'

type Ledger = Transaction<LedgerSchema>

/** What its signature says, and what it counts on. */
export type Adoption = {
  readonly mode: string
  readonly policyId: Hex
  readonly validUntil: number
  readonly budgets: readonly Pick<Budget, 'id' | 'consumes'>[]
}

export async function adopt(
  ledger: Ledger,
  landing: Landing,
  adoption: Adoption,
  known: Exposure | undefined,
): Promise<Exposure> {
  const exposure = known ?? (await expose(ledger, landing, adoption))
  const row = { mode: adoption.mode, policy_id: adoption.policyId, valid_until: adoption.validUntil }
  const ids = adoption.budgets.map(({ id }) => id)
  await ledger
    .insertInto('signature')
    .values({
      ...row,
      user_operation_hash: landing.userOperationHash,
      exposure_id: exposure.id,
      max_cost_wei: String(landing.costWei),
      // Where its nonce was reserved for, it was signed here, and the record of it was lost.
      adopted: known === undefined ? 1 : 0,
      budget_ids: JSON.stringify(ids),
    })
    .onConflict(conflict => conflict.column('user_operation_hash').doNothing())
    .execute()
  const holds = await ledger
    .selectFrom('hold')
    .select('budget_id')
    .where('exposure_id', '=', exposure.id)
    .execute()
  const isHeld = new Set(holds.map(({ budget_id }) => budget_id))
  const missing = adoption.budgets.filter(({ id }) => !isHeld.has(id))
  makeCounters(ledger, missing)
  // What it spent of the token is not known, and holds nothing.
  const held = missing.map(({ id, consumes }) => [id, consumes === 'token' ? 0n : landing.costWei] as const)
  await holdBudgets(ledger, exposure.id, new Map(held))
  return exposure
}

/** Held is what it has cost, which the deposit has paid by now; the landing takes it out again. */
async function expose(ledger: Ledger, landing: Landing, adoption: Adoption): Promise<Exposure> {
  const exposure = await ledger
    .insertInto('exposure')
    .values({
      sender: landing.sender.toLowerCase(),
      nonce: String(landing.nonce),
      state: 'RESERVED',
      reserved_wei: String(landing.costWei),
      valid_until: adoption.validUntil,
      mode: adoption.mode,
      policy_id: adoption.policyId,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  moveDepositHeld(ledger, landing.costWei)
  return exposure
}

/** Of those that the deposit paid, whose signatures are not known. */
export async function findUnsigned(
  ledger: Pick<Ledger, 'selectFrom'>,
  landings: readonly Landing[],
): Promise<readonly Landing[]> {
  const paid = landings.filter(({ paidByUs }) => paidByUs)
  const known = new Set<Hash>()
  for (let start = 0; start < paid.length; start += chunkLength) {
    const hashes = paid.slice(start, start + chunkLength).map(({ userOperationHash }) => userOperationHash)
    const rows = await ledger
      .selectFrom('signature')
      .select('user_operation_hash')
      .where('user_operation_hash', 'in', hashes)
      .execute()
    for (const row of rows) known.add(row.user_operation_hash as Hash)
  }
  return paid.filter(({ userOperationHash }) => !known.has(userOperationHash))
}

/** SQLite takes a limited number of parameters in one statement. */
const chunkLength = 500
