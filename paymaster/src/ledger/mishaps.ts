// Operations that cost the operator what they should not have: sponsored ones that failed, deferred ones that were not
// paid. One row each, written when they are final and taken back with them, so that a sender can be told to wait.
import type { Kysely, Transaction } from 'kysely'
import type { Address, Hex } from 'viem'
import type { LedgerSchema } from './schema.ts'
import type { Exposure } from './walkBack.ts'

export type Mishap = {
  readonly atSeconds: number
  readonly hasFailed: boolean
  readonly lossWei: bigint
}

/** Longer than any policy looks back and lets somebody wait. */
const keptSeconds = 400 * 86_400

/** In which the sender was to pay. */
const payingModes = ['token', 'tokenDeferred', 'tank']

export async function noteMishap(
  ledger: Transaction<LedgerSchema>,
  exposure: Exposure,
  { mode, policyId, atSeconds }: { mode: string; policyId: Hex; atSeconds: number },
): Promise<void> {
  // Of a sponsored operation all is a loss by the ledger's measure, and meant to be one: unless it was for nothing.
  const hasFailed = exposure.succeeded === 0
  const isMeant = !hasFailed && !payingModes.includes(mode)
  const lossWei = exposure.loss_wei ?? '0'
  if (isMeant || lossWei === '0') return
  const row = {
    sender: exposure.sender,
    policy_id: policyId,
    at_seconds: atSeconds,
    has_failed: hasFailed ? 1 : 0,
    loss_wei: lossWei,
    is_forgiven: 0,
  }
  await ledger
    .insertInto('mishap')
    .values({ exposure_id: exposure.id, ...row })
    .onConflict(conflict => conflict.column('exposure_id').doUpdateSet(row))
    .execute()
}

export async function forgetMishap(ledger: Transaction<LedgerSchema>, exposureId: number): Promise<void> {
  await ledger.deleteFrom('mishap').where('exposure_id', '=', exposureId).execute()
}

/** Those of a sender that are not forgiven, since a time; the oldest first. */
export async function readMishaps(
  database: Kysely<LedgerSchema>,
  sender: Address,
  sinceSeconds: number,
): Promise<readonly Mishap[]> {
  const rows = await database
    .selectFrom('mishap')
    .select(['at_seconds', 'has_failed', 'loss_wei'])
    .where('sender', '=', sender.toLowerCase())
    .where('at_seconds', '>=', sinceSeconds)
    .where('is_forgiven', '=', 0)
    .orderBy('at_seconds')
    .limit(10_000)
    .execute()
  return rows.map(row => ({
    atSeconds: row.at_seconds,
    hasFailed: row.has_failed === 1,
    lossWei: BigInt(row.loss_wei),
  }))
}

/** What sponsored operations that failed have cost, by policy; of as long as it is remembered. */
export async function readWasted(database: Kysely<LedgerSchema>): Promise<ReadonlyMap<string, bigint>> {
  const rows = await database
    .selectFrom('mishap')
    .select(['policy_id', 'loss_wei'])
    .where('has_failed', '=', 1)
    .execute()
  const sums = new Map<string, bigint>()
  for (const { policy_id, loss_wei } of rows) {
    sums.set(policy_id, (sums.get(policy_id) ?? 0n) + BigInt(loss_wei))
  }
  return sums
}

/** How many of a sender's are forgiven now. */
export async function forgiveMishaps(database: Kysely<LedgerSchema>, sender: Address): Promise<number> {
  const { numUpdatedRows } = await database
    .updateTable('mishap')
    .set({ is_forgiven: 1 })
    .where('sender', '=', sender.toLowerCase())
    .where('is_forgiven', '=', 0)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** The senders that have any that are not forgiven, in their order, from the one after `after`. */
export async function sendersWithMishaps(
  database: Kysely<LedgerSchema>,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly Address[]> {
  const rows = await database
    .selectFrom('mishap')
    .select('sender')
    .distinct()
    .where('is_forgiven', '=', 0)
    .where('sender', '>', page.after)
    .orderBy('sender')
    .limit(page.limit)
    .execute()
  return rows.map(({ sender }) => sender as Address)
}

export async function pruneMishaps(ledger: Transaction<LedgerSchema>, nowSeconds: number): Promise<void> {
  await ledger
    .deleteFrom('mishap')
    .where('at_seconds', '<', nowSeconds - keptSeconds)
    .execute()
}
