// The ledger: what is promised, what has landed, what is left. Durable, and right whatever the order in
// which requests, blocks, reorgs and restarts come.
import type { BlockReference } from '@worldland-aa/service/chain/block'
import { commitTogether } from '@worldland-aa/service/database/flushing'
import { createGroupCommit, type Write } from '@worldland-aa/service/database/groupCommit'
import { statementsOf } from '@worldland-aa/service/database/statements'
import type { Result } from '@worldland-aa/service/result'
import type { Kysely, Transaction } from 'kysely'
import type { Address, Hash, Hex } from 'viem'
import { findUnsigned } from './adopt.ts'
import { type Advance, type AdvanceReport, advance, type Landing, type OnFinal, rewind } from './advance.ts'
import { rowsOf } from './budgetCounters.ts'
import { gatherReservations } from './gatherReservations.ts'
import { findPosition, type Position } from './position.ts'
import { createPruner, type Pruned, type Retention } from './prune.ts'
import type { ExposureId, Reservation } from './reserve.ts'
import type { LedgerSchema } from './schema.ts'
import { type Held, readHeld, readSpend, type Spend } from './spend.ts'
import { tryReserve } from './tryReserve.ts'

export type GivenSignature = {
  readonly exposureId: ExposureId
  readonly userOperationHash: Hash
  readonly mode: string
  readonly policyId: Hex
  readonly maxCostWei: bigint
  readonly validUntil: number
  readonly budgetIds: readonly string[]
  /** What the operation's calls may spend of the token, where a budget counts that. */
  readonly tokenSpendWei?: bigint | undefined
  /** By which it was asked for. */
  readonly apiKeyId?: string | undefined
}

/** Hears of what is written, within the very transaction; what it throws undoes that. */
export type LedgerListener = {
  onRecorded(transaction: Transaction<LedgerSchema>, signature: GivenSignature): Promise<void>
  /** Of an operation that the deposit paid. */
  onFinal: OnFinal
}

export type LedgerIdentity = {
  readonly chainId: number
  readonly genesisHash: Hash
  readonly entryPoint: Address
  readonly paymaster: Address
}

export type Ledger = {
  /** Before anything is written; there is one. */
  hearWith(listener: LedgerListener): void
  /** Call before signing; resolves once it is on the disk. */
  reserve(reservation: Reservation): Promise<Result<ExposureId>>
  /** What `reserve` would answer; nothing of it stays. */
  tryReserve(reservation: Reservation): Promise<Result<void>>
  /**
   * Call before a signature is handed out, so that its landing is booked where it belongs. Nothing is lost
   * when the disk is not waited for: the landing of a signature that is not known is booked on all
   * budgets that the exposure holds.
   */
  record(signature: GivenSignature): Promise<void>
  /** For what is told of promises: it goes to the disk with the next one, and nobody waits for it. */
  writeLater<Value>(write: Write<LedgerSchema, Value>): Promise<Value>
  advance(step: Advance): Promise<AdvanceReport>
  rewind(to: BlockReference): Promise<void>
  /** Of what the deposit paid, that whose signatures are not known here. */
  unsigned(landings: readonly Landing[]): Promise<readonly Landing[]>
  position(): Promise<Position | undefined>
  /** What the ledger is about; `mine` is written when it is new. */
  identify(mine: LedgerIdentity): Promise<LedgerIdentity>
  /** Some of the rows that have been final or expired for so long; no sum changes. */
  prune(retention: Retention): Promise<Pruned>
  /** What final operations have cost. */
  spend(): Promise<readonly Spend[]>
  held(): Promise<readonly Held[]>
  /** Whose operations were signed for out of their gas tanks and are final by now; the latest come first. */
  tankSenders(): Promise<readonly Address[]>
  /** Resolves when all that was handed in is on the disk. */
  settled(): Promise<void>
}

/** Enough for one look at their tanks; who landed nothing for long is collected from when it does again. */
const mostTankSenders = 500

/** The same terms signed in the same second are the same signature. */
const insertSignature = `insert into signature (user_operation_hash, exposure_id, mode, policy_id, max_cost_wei,
  valid_until, budget_ids, token_spend_wei) values ${rowsOf(1, 8)} on conflict (user_operation_hash) do nothing`

/** One that landed before it was written is known already, by its landing. */
async function hasLanded(
  ledger: Transaction<LedgerSchema>,
  { exposureId, userOperationHash }: GivenSignature,
): Promise<boolean> {
  const landed = await ledger
    .selectFrom('exposure')
    .select('id')
    .where('id', '=', exposureId)
    .where('landed_user_operation_hash', '=', userOperationHash)
    .executeTakeFirst()
  return landed !== undefined
}

export function createLedger(database: Kysely<LedgerSchema>): Ledger {
  // Each reservation is followed by what is told of it, and none of that is worth a flush of its own.
  const commits = createGroupCommit(database, { patienceMilliseconds: 10, isAlwaysPatient: true })
  const prune = createPruner()
  let listener: LedgerListener | undefined
  return {
    hearWith(given) {
      listener = given
    },
    reserve: gatherReservations(commits),
    writeLater: write => commits.commitLater(write),
    tryReserve: reservation => tryReserve(database, reservation),
    advance: step => advance(database, step, listener?.onFinal),
    rewind: to => rewind(database, to),
    async unsigned(landings) {
      // What is signed may land before its signature is written: it is handed out a moment earlier.
      if (landings.length > 0) await commits.settled()
      return await findUnsigned(database, landings)
    },
    position: () => findPosition(database),
    record: signature =>
      commits.commitLater(async transaction => {
        const statements = statementsOf(transaction)
        const { changes } = statements.run(insertSignature, [
          ...[signature.userOperationHash, signature.exposureId, signature.mode, signature.policyId],
          ...[String(signature.maxCostWei), signature.validUntil],
          ...[JSON.stringify(signature.budgetIds), String(signature.tokenSpendWei ?? 0n)],
        ])
        const isNew = changes === 1 || (await hasLanded(transaction, signature))
        if (isNew) await listener?.onRecorded(transaction, signature)
        statements.run('update exposure set mode = ?, policy_id = ? where id = ?', [
          ...[signature.mode, signature.policyId, signature.exposureId],
        ])
      }),
    prune: retention => commitTogether(database, ledger => prune(ledger, retention)),
    spend: () => readSpend(database),
    held: () => readHeld(database),
    settled: () => commits.settled(),
    async tankSenders() {
      const rows = await database
        .selectFrom('tank_sender')
        .select('sender')
        .orderBy('last_exposure_id', 'desc')
        .limit(mostTankSenders)
        .execute()
      return rows.map(row => row.sender as Address)
    },
    async identify(mine) {
      const row = {
        chain_id: mine.chainId,
        genesis_hash: mine.genesisHash,
        entry_point: mine.entryPoint.toLowerCase(),
        paymaster: mine.paymaster.toLowerCase(),
      }
      await database
        .insertInto('identity')
        .values({ id: 1, ...row })
        .onConflict(conflict => conflict.column('id').doNothing())
        .execute()
      const known = await database.selectFrom('identity').selectAll().executeTakeFirstOrThrow()
      return {
        chainId: known.chain_id,
        genesisHash: known.genesis_hash as Hash,
        entryPoint: known.entry_point as Address,
        paymaster: known.paymaster as Address,
      }
    },
  }
}
