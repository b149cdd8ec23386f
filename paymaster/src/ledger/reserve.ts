// Takes the most that an operation can cost out of every budget it draws on and out of the deposit, in one
// transaction, before anything is signed. A signature is a bearer instrument: what it may cost is spoken for.
import { statementsOf } from '@worldland-aa/service/database/statements'
import { accept, type Result } from '@worldland-aa/service/result'
import type { Selectable, Transaction } from 'kysely'
import type { Address } from 'viem'
import { deny } from '../denial.ts'
import { tokenAmount } from '../tokenAmount.ts'
import type { Budget } from './budget.ts'
import { type BudgetCounter, rowsOf, unusedCounter } from './budgetCounters.ts'
import type { Position } from './position.ts'
import type { LedgerSchema } from './schema.ts'
import { createTally, type Tally } from './tally.ts'
import { landedNowhere, walkBack } from './walkBack.ts'

export type Reservation = {
  readonly sender: Address
  readonly nonce: bigint
  /** What the chain expects next in the nonce's lane: it wins over what the ledger remembers. */
  readonly nextNonce?: bigint
  readonly maxCostWei: bigint
  /** Seconds since the Unix epoch. */
  readonly validUntil: number
  readonly budgets: readonly Budget[]
  /** By which it was decided: another version may have lower budgets, and counts from the moment it is in force. */
  readonly policy?: { readonly id: string; readonly version: number } | undefined
}

/** Names the (sender, nonce) that is reserved for. */
export type ExposureId = number

type ExposureHeld = {
  /** Absent when nothing was ever signed for the nonce. */
  readonly id?: ExposureId
  readonly reservedWei: bigint
  readonly validUntil: number
}

type BudgetHeld = {
  readonly budget: Budget
  readonly counter: BudgetCounter
  readonly limitWei: bigint | undefined
  readonly holdWei: bigint
  readonly growthWei: bigint
  readonly growthOperations: number
}

/** One after the other, so that each counts against those after it. */
export async function reserveAll(
  ledger: Transaction<LedgerSchema>,
  reservations: readonly Reservation[],
): Promise<readonly Result<ExposureId>[]> {
  const tally = createTally(ledger)
  const answers: Result<ExposureId>[] = []
  for (const reservation of reservations) answers.push(await reserve(ledger, tally, reservation))
  tally.settle()
  return answers
}

/**
 * All of it, or nothing and the reason: every check comes before the first write, since the transaction
 * is shared with other requests. Signing anew for the same nonce reserves only what is more.
 */
async function reserve(
  ledger: Transaction<LedgerSchema>,
  tally: Tally,
  reservation: Reservation,
): Promise<Result<ExposureId>> {
  const found = await findExposure(ledger, tally, reservation)
  if (!found.ok) return found
  const exposure = found.value
  const growthWei = larger(reservation.maxCostWei - exposure.reservedWei, 0n)
  const position = tally.position()
  const refusal = judgeDeposit(position, growthWei)
  if (refusal !== undefined) return refusal
  const moved = reservation.budgets.find(
    ({ readAt }) => readAt !== undefined && readAt !== position.block.hash,
  )
  if (moved !== undefined) return denyAsMoved(moved)
  const { policy } = reservation
  if (policy !== undefined && tally.versionInForce(policy.id) !== policy.version) {
    return denyAsChanged(policy)
  }
  const budgets = readBudgets(ledger, tally, reservation, exposure.id)
  for (const held of budgets) {
    const refused = judgeBudget(held)
    if (refused !== undefined) return refused
  }

  const exposureId = writeExposure(ledger, reservation, exposure)
  tally.holdDeposit(growthWei)
  writeBudgets(ledger, tally, budgets, exposureId)
  return accept(exposureId)
}

async function findExposure(
  ledger: Transaction<LedgerSchema>,
  tally: Tally,
  { sender, nonce, nextNonce }: Reservation,
): Promise<Result<ExposureHeld>> {
  const [known] = statementsOf(ledger).all<Selectable<LedgerSchema['exposure']>>(
    'select * from exposure where sender = ? and nonce = ?',
    [sender.toLowerCase(), String(nonce)],
  )
  if (known === undefined) return accept({ reservedWei: 0n, validUntil: 0 })
  const { id, state } = known
  // A reorg went deeper than what was taken for final. Whatever comes of the request, that is so.
  const isGone = state === 'FINAL' && nextNonce !== undefined && nonce >= nextNonce
  if (isGone) {
    tally.settle()
    await walkBack(ledger, known)
  }
  if (state === 'RESERVED' || isGone) {
    return accept({ id, reservedWei: BigInt(known.reserved_wei), validUntil: known.valid_until })
  }
  if (state === 'EXPIRED') return accept({ id, reservedWei: 0n, validUntil: 0 })
  return deny(
    'nonceUsed',
    { problem: `An operation of ${sender} with nonce ${nonce} has landed`, remedy: 'take the next nonce' },
    {
      sender,
      nonce: String(nonce),
    },
  )
}

function writeExposure(
  ledger: Transaction<LedgerSchema>,
  { sender, nonce, maxCostWei, validUntil }: Reservation,
  held: ExposureHeld,
): ExposureId {
  const reserved = [
    String(larger(held.reservedWei, maxCostWei)),
    Math.max(held.validUntil, validUntil),
  ] as const
  const statements = statementsOf(ledger)
  if (held.id === undefined) {
    const [row] = statements.all<{ id: ExposureId }>(insertExposure, [
      ...[sender.toLowerCase(), String(nonce)],
      ...reserved,
    ])
    if (row === undefined) throw new Error('SQLite returned no id of an exposure')
    return row.id
  }
  statements.run(updateExposure, [...reserved, held.id])
  return held.id
}

const insertExposure = `insert into exposure (sender, nonce, state, reserved_wei, valid_until)
  values (?, ?, 'RESERVED', ?, ?) returning id`
const updateExposure = `update exposure set state = 'RESERVED', reserved_wei = ?, valid_until = ?,
  ${Object.keys(landedNowhere)
    .map(column => `${column} = null`)
    .join(', ')}
  where id = ?`

function judgeDeposit(position: Position, growthWei: bigint): Result<never> | undefined {
  const freeWei = larger(position.depositWei - position.depositHeldWei, 0n)
  if (growthWei <= freeWei) return undefined
  return deny(
    'depositUsedUp',
    {
      problem: `The paymaster's gas deposit has ${freeWei} wei that are not spoken for, and this operation may cost ${growthWei}`,
      remedy: 'try again in some blocks, or tell the operator to top it up',
    },
    { freeWei: String(freeWei), requiredWei: String(growthWei) },
  )
}

function denyAsChanged({ id }: NonNullable<Reservation['policy']>): Result<never> {
  const problem = `Policy "${id}" was changed while the operation was being decided`
  return deny('policyChanged', { problem, remedy: 'ask again' }, { policyId: id })
}

function denyAsMoved({ name }: Budget): Result<never> {
  return deny('chainMoved', { problem: `Blocks came while ${name} was being read`, remedy: 'ask again' })
}

function readBudgets(
  ledger: Transaction<LedgerSchema>,
  tally: Tally,
  { budgets }: Reservation,
  exposureId: ExposureId | undefined,
): readonly BudgetHeld[] {
  const { depositWei } = tally.position()
  const counters = tally.counters(budgets.map(({ id }) => id))
  const holds = exposureId === undefined ? new Map() : readHolds(ledger, exposureId)
  return budgets.map(budget => {
    const hold = holds.get(budget.id)
    const heldWei = hold?.wei ?? 0n
    const holdWei = larger(budget.holdWei, heldWei)
    return {
      budget,
      counter: counters.get(budget.id) ?? unusedCounter,
      limitWei: limitOf(budget, depositWei),
      holdWei,
      growthWei: holdWei - heldWei,
      growthOperations: 1 - (hold?.operations ?? 0),
    }
  })
}

function readHolds(
  ledger: Transaction<LedgerSchema>,
  exposureId: ExposureId,
): ReadonlyMap<string, { readonly wei: bigint; readonly operations: number }> {
  const rows = statementsOf(ledger).all<Selectable<LedgerSchema['hold']>>(
    'select * from hold where exposure_id = ?',
    [exposureId],
  )
  return new Map(rows.map(row => [row.budget_id, { wei: BigInt(row.wei), operations: row.operations }]))
}

function judgeBudget({
  budget,
  counter,
  limitWei,
  holdWei,
  growthWei,
  growthOperations,
}: BudgetHeld): Result<never> | undefined {
  const { limitOperations } = budget
  const landedCounts = budget.readAt === undefined && budget.unsentOnly !== true
  const takenWei = counter.heldWei + counter.usedWei - (landedCounts ? 0n : counter.landedWei)
  const takenOperations =
    counter.heldOperations + counter.usedOperations - (landedCounts ? 0 : counter.landedOperations)
  const remedy = budget.remedy ?? 'try again when operations under way have settled, or ask the operator'
  // What it holds itself, from when it was signed for last, stands in nobody's way.
  const isFirst = budget.admitsOne === true && takenWei === holdWei - growthWei
  if (limitWei !== undefined && !isFirst && growthWei > 0n && takenWei + growthWei > limitWei) {
    const freeWei = larger(limitWei - takenWei, 0n)
    return deny(
      'budgetUsedUp',
      { problem: describeLack(budget, { limitWei, freeWei, growthWei }), remedy },
      { budget: budget.id, limitWei: String(limitWei), freeWei: String(freeWei) },
    )
  }
  if (limitOperations !== undefined && growthOperations > 0 && takenOperations >= limitOperations) {
    return deny(
      'budgetUsedUp',
      { problem: `Of ${budget.name} all ${limitOperations} operations are taken`, remedy },
      {
        budget: budget.id,
        limitOperations,
      },
    )
  }
  return undefined
}

function describeLack(
  { name, shownIn }: Budget,
  { limitWei, freeWei, growthWei }: Readonly<Record<'limitWei' | 'freeWei' | 'growthWei', bigint>>,
): string {
  if (shownIn === undefined)
    return `Of ${name} (${limitWei} wei) ${freeWei} wei are left, and this operation may cost ${growthWei}`
  const [limit, free, growth] = [limitWei, freeWei, growthWei].map(units => tokenAmount(units, shownIn))
  return `Of ${name} (${limit}) ${free} are left, and this operation may spend ${growth}`
}

function limitOf({ limitWei, limitDepositPercent }: Budget, depositWei: bigint): bigint | undefined {
  if (limitDepositPercent === undefined) return limitWei
  const shareWei = (depositWei * BigInt(limitDepositPercent)) / 100n
  return limitWei === undefined || shareWei < limitWei ? shareWei : limitWei
}

function writeBudgets(
  ledger: Transaction<LedgerSchema>,
  tally: Tally,
  budgets: readonly BudgetHeld[],
  exposureId: ExposureId,
): void {
  if (budgets.length === 0) return
  tally.move(
    budgets.map(({ budget, counter, growthWei, growthOperations }) => ({
      budget,
      counter: {
        ...counter,
        heldWei: counter.heldWei + growthWei,
        heldOperations: counter.heldOperations + growthOperations,
      },
    })),
  )
  const values = budgets.flatMap(({ budget, holdWei }) => [exposureId, budget.id, String(holdWei), 1])
  statementsOf(ledger).run(
    `insert into hold (exposure_id, budget_id, wei, operations) values ${rowsOf(budgets.length, 4)}
      on conflict (exposure_id, budget_id) do update set wei = excluded.wei`,
    values,
  )
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other
}
