// Takes the ledger along the chain: blocks a reorg removed, operations that landed, blocks that became
// final. One transaction, so that what is reserved and what is settled never disagree.
import type { BlockReference } from '@worldland-aa/service/chain/block'
import { commitTogether } from '@worldland-aa/service/database/flushing'
import type { Kysely, Transaction } from 'kysely'
import type { Address, Hash, Hex } from 'viem'
import { bookHour } from '../decisions/hourlySpend.ts'
import { showExposures } from '../decisions/showExposures.ts'
import { bookTokenHour } from '../decisions/tokenHours.ts'
import { type Adoption, adopt } from './adopt.ts'
import { releaseHolds, useBudgets } from './budgetCounters.ts'
import { isOpen } from './exposureStates.ts'
import { countAsLanded, countNoMore } from './landedHolds.ts'
import { noteMishap } from './mishaps.ts'
import { moveDepositHeld, readPosition } from './position.ts'
import type { LedgerSchema } from './schema.ts'
import { bookSpend } from './spend.ts'
import { type Exposure, landedSignature, walkBack, walkBackAll } from './walkBack.ts'

/** A used nonce: an operation that this paymaster paid, or another one of a sender it had signed for. */
export type Landing = {
  readonly userOperationHash: Hash
  readonly sender: Address
  readonly nonce: bigint
  /** Zero when somebody else paid. */
  readonly costWei: bigint
  /** The part of the cost that should have come back in the token and did not. */
  readonly lossWei: bigint
  readonly paidByUs: boolean
  readonly succeeded: boolean
  readonly transactionHash: Hash
  readonly block: BlockReference
  /** When the block was; seconds since the Unix epoch. */
  readonly atSeconds?: number
  /** In a token mode: what the sender was to pay, and whether it did. */
  readonly charge?: { readonly wei: bigint; readonly isPaid: boolean }
  /** What it paid in another ERC-20, in its smallest unit. */
  readonly tokenCharge?: { readonly token: Address; readonly units: bigint }
  /** Of one that the deposit paid and whose signature the ledger does not know. */
  readonly adoption?: Adoption
}

export type Advance = {
  readonly removedBlocks: readonly Hash[]
  readonly landings: readonly Landing[]
  readonly head: BlockReference
  readonly depositWei: bigint
  /** The newest block that no reorg is expected to reach; absent while the chain is shorter than that. */
  readonly final?: { readonly number: bigint; readonly timestamp: bigint } | undefined
}

/** What came of an advance, for metrics and the log. */
export type AdvanceReport = {
  readonly included: number
  readonly undone: number
  readonly finalized: number
  readonly expired: number
  /** Operations of ours that stand otherwise than before, for whoever looks on. */
  readonly changed: readonly Hash[]
  /** Paid by us, but signed for by no one this ledger knows; booked where the landing says what it counts on. */
  readonly unknown: readonly Landing[]
}

type Ledger = Transaction<LedgerSchema>

/** Called for each operation that the deposit paid and that is final now. */
export type OnFinal = (
  ledger: Ledger,
  operation: { readonly exposure: Exposure; readonly mode: string; readonly policyId: Hex },
) => Promise<void>

export async function advance(
  database: Kysely<LedgerSchema>,
  step: Advance,
  onFinal?: OnFinal,
): Promise<AdvanceReport> {
  return await commitTogether(database, async ledger => {
    const undone: (Hash | null)[] = []
    const touched = new Set<number>()
    for (const hash of step.removedBlocks) undone.push(...(await walkBackAll(ledger, { hash })))
    const unknown: Landing[] = []
    let included = 0
    for (const landing of step.landings) {
      const isIncluded = await include(ledger, landing, touched)
      if (isIncluded) included++
      if (landing.adoption !== undefined || (landing.paidByUs && !isIncluded)) unknown.push(landing)
    }
    const finalized = step.final === undefined ? 0 : await finalize(ledger, step.final, touched, onFinal)
    const expired = step.final === undefined ? 0 : await expire(ledger, step.final.timestamp, touched)
    const shown = await showExposures(ledger, [...touched])
    const changed = [...new Set([...shown, ...undone.filter(hash => hash !== null)])]
    await moveTo(ledger, step.head, step.depositWei)
    return { included, undone: undone.length, finalized, expired, changed, unknown }
  })
}

/** Returns to an earlier block, as after a stop during which the chain may have reorganised. */
export async function rewind(database: Kysely<LedgerSchema>, to: BlockReference): Promise<void> {
  await database.transaction().execute(async ledger => {
    await walkBackAll(ledger, { above: to.number })
    const { depositWei } = readPosition(ledger)
    await moveTo(ledger, to, depositWei)
  })
}

async function moveTo(ledger: Ledger, block: BlockReference, depositWei: bigint): Promise<void> {
  const row = { block_number: Number(block.number), block_hash: block.hash, deposit_wei: String(depositWei) }
  await ledger
    .insertInto('position')
    .values({ id: 1, ...row, deposit_held_wei: '0' })
    .onConflict(conflict => conflict.column('id').doUpdateSet(row))
    .execute()
}

/** True when the landing belongs to an exposure, also when that is known already. */
async function include(ledger: Ledger, landing: Landing, touched: Set<number>): Promise<boolean> {
  const known = await findExposure(ledger, landing)
  const { adoption } = landing
  const exposure = adoption === undefined ? known : await adopt(ledger, landing, adoption, known)
  if (exposure === undefined) return false
  if (exposure.state === 'INCLUDED' || exposure.state === 'FINAL') {
    if (exposure.landed_block_hash === landing.block.hash) return true
    // In another block than was booked, and no reorg was told: the chain's word counts.
    await walkBack(ledger, exposure)
    exposure.state = 'RESERVED'
  }
  // An expired one has given back what it held; what it now costs is booked when it is final.
  const reservedWei = exposure.state === 'EXPIRED' ? 0n : BigInt(exposure.reserved_wei)
  await ledger
    .updateTable('exposure')
    .set({
      state: 'INCLUDED',
      reserved_wei: String(reservedWei),
      landed_block_number: Number(landing.block.number),
      landed_block_hash: landing.block.hash,
      landed_transaction_hash: landing.transactionHash,
      landed_user_operation_hash: landing.paidByUs ? landing.userOperationHash : null,
      actual_cost_wei: String(landing.costWei),
      loss_wei: String(landing.lossWei),
      succeeded: landing.succeeded ? 1 : 0,
      landed_at: landing.atSeconds ?? null,
      charge_wei: landing.charge === undefined ? null : String(landing.charge.wei),
      charge_paid: landing.charge === undefined ? null : landing.charge.isPaid ? 1 : 0,
      charged_token: landing.tokenCharge?.token.toLowerCase() ?? null,
      charged_units: landing.tokenCharge === undefined ? null : String(landing.tokenCharge.units),
    })
    .where('id', '=', exposure.id)
    .execute()
  touched.add(exposure.id)
  await countAsLanded(ledger, exposure.id)
  moveDepositHeld(ledger, -smaller(landing.costWei, reservedWei))
  return true
}

async function findExposure(ledger: Ledger, { sender, nonce }: Landing): Promise<Exposure | undefined> {
  return await ledger
    .selectFrom('exposure')
    .selectAll()
    .where('sender', '=', sender.toLowerCase())
    .where('nonce', '=', String(nonce))
    .executeTakeFirst()
}

async function finalize(
  ledger: Ledger,
  { number: finalNumber, timestamp }: NonNullable<Advance['final']>,
  touched: Set<number>,
  onFinal?: OnFinal,
): Promise<number> {
  const rows = await ledger
    .selectFrom('exposure')
    .selectAll()
    .where(isOpen)
    .where('state', '=', 'INCLUDED')
    .where('landed_block_number', '<=', Number(finalNumber))
    .execute()
  for (const row of rows) {
    const paidByUs = row.landed_user_operation_hash !== null
    const costWei = BigInt(row.actual_cost_wei ?? 0)
    if (paidByUs) {
      const { mode, policyId } = await book(ledger, row, costWei, Number(timestamp))
      await onFinal?.(ledger, { exposure: row, mode, policyId })
    }
    const reservedWei = BigInt(row.reserved_wei)
    moveDepositHeld(ledger, smaller(costWei, reservedWei) - reservedWei)
    await countNoMore(ledger, row.id)
    await close(ledger, row.id, paidByUs ? 'FINAL' : 'EXPIRED')
    touched.add(row.id)
  }
  return rows.length
}

/** On the landed signature's budgets; on all that the exposure holds when that signature is not known. */
async function book(
  ledger: Ledger,
  row: Exposure,
  costWei: bigint,
  atSeconds: number,
): Promise<{ readonly mode: string; readonly policyId: Hex }> {
  const { budgetIds, mode, policyId, tokenSpendWei } = await landedSignature(ledger, row)
  const held = await heldBudgets(ledger, row.id)
  const hasFailed = row.succeeded === 0
  const cost = { costWei, lossWei: BigInt(row.loss_wei ?? 0), operations: 1 } as const
  await useBudgets(ledger, budgetIds ?? [...held.keys()], {
    ...cost,
    tokenWei: id => (hasFailed ? 0n : (tokenSpendWei ?? held.get(id) ?? 0n)),
  })
  await bookSpend(ledger, { mode, policyId, ...cost })
  await noteMishap(ledger, row, { mode, policyId, atSeconds })
  await bookHour(ledger, {
    ...{ mode, policyId, ...cost },
    landedAtSeconds: row.landed_at,
    chargeWei: BigInt(row.charge_wei ?? 0),
    isChargePaid: row.charge_paid === 1,
    failed: row.succeeded === 0 ? 1 : 0,
  })
  if (row.charged_token !== null) {
    const units = BigInt(row.charged_units ?? 0)
    await bookTokenHour(ledger, {
      ...{ landedAtSeconds: row.landed_at, token: row.charged_token, units, costWei, operations: 1 },
    })
  }
  if (mode === 'tank') {
    await ledger
      .insertInto('tank_sender')
      .values({ sender: row.sender, last_exposure_id: row.id })
      .onConflict(conflict => conflict.column('sender').doUpdateSet({ last_exposure_id: row.id }))
      .execute()
  }
  return { mode, policyId }
}

async function heldBudgets(ledger: Ledger, exposureId: number): Promise<ReadonlyMap<string, bigint>> {
  const holds = await ledger
    .selectFrom('hold')
    .select(['budget_id', 'wei'])
    .where('exposure_id', '=', exposureId)
    .execute()
  return new Map(holds.map(({ budget_id, wei }) => [budget_id, BigInt(wei)]))
}

/** EntryPoint refuses an operation in a block later than validUntil; `timestamp` is that of a final block. */
async function expire(ledger: Ledger, timestamp: bigint, touched: Set<number>): Promise<number> {
  const rows = await ledger
    .selectFrom('exposure')
    .select(['id', 'reserved_wei'])
    .where(isOpen)
    .where('state', '=', 'RESERVED')
    .where('valid_until', '<', Number(timestamp))
    .execute()
  for (const row of rows) {
    moveDepositHeld(ledger, -BigInt(row.reserved_wei))
    await close(ledger, row.id, 'EXPIRED')
    touched.add(row.id)
  }
  return rows.length
}

async function close(ledger: Ledger, exposureId: number, state: 'FINAL' | 'EXPIRED'): Promise<void> {
  await releaseHolds(ledger, exposureId)
  await ledger.updateTable('exposure').set({ state }).where('id', '=', exposureId).execute()
}

function smaller(one: bigint, other: bigint): bigint {
  return one < other ? one : other
}
