// Takes the most that an operation can cost out of every budget it draws on and out of the deposit, in one
// transaction, before anything is signed. A signature is a bearer instrument: what it may cost is spoken for.
import { accept, type Result } from '@worldland-aa/service/result'
import type { Kysely, Transaction } from 'kysely'
import type { Address } from 'viem'
import { deny } from '../denial.ts'
import type { Budget } from './budget.ts'
import { readCounter, writeCounter } from './budgetCounters.ts'
import { readPosition } from './position.ts'
import type { LedgerSchema } from './schema.ts'

export type Reservation = {
  readonly sender: Address
  readonly nonce: bigint
  readonly maxCostWei: bigint
  /** Seconds since the Unix epoch. */
  readonly validUntil: number
  readonly budgets: readonly Budget[]
}

/** Names the (sender, nonce) that is reserved for. */
export type ExposureId = number

class Refused extends Error {
  readonly result: Result<never>
  constructor(result: Result<never>) {
    super('refused')
    this.result = result
  }
}

/** All of it, or nothing and the reason. Signing anew for the same nonce reserves only what is more. */
export async function reserve(
  database: Kysely<LedgerSchema>,
  reservation: Reservation,
): Promise<Result<ExposureId>> {
  try {
    return await database
      .transaction()
      .execute(async ledger => accept(await reserveWithin(ledger, reservation)))
  } catch (error) {
    if (error instanceof Refused) return error.result
    throw error
  }
}

async function reserveWithin(
  ledger: Transaction<LedgerSchema>,
  reservation: Reservation,
): Promise<ExposureId> {
  const exposure = await openExposure(ledger, reservation)
  await holdDeposit(ledger, reservation, exposure.reservedWei)
  for (const budget of reservation.budgets) await holdBudget(ledger, budget, exposure.id)
  const reservedWei = larger(exposure.reservedWei, reservation.maxCostWei)
  await ledger
    .updateTable('exposure')
    .set({
      state: 'RESERVED',
      reserved_wei: String(reservedWei),
      valid_until: Math.max(exposure.validUntil, reservation.validUntil),
    })
    .where('id', '=', exposure.id)
    .execute()
  return exposure.id
}

async function openExposure(
  ledger: Transaction<LedgerSchema>,
  { sender, nonce }: Reservation,
): Promise<{ id: ExposureId; reservedWei: bigint; validUntil: number }> {
  const key = { sender: sender.toLowerCase(), nonce: String(nonce) }
  const known = await ledger
    .selectFrom('exposure')
    .select(['id', 'state', 'reserved_wei', 'valid_until'])
    .where('sender', '=', key.sender)
    .where('nonce', '=', key.nonce)
    .executeTakeFirst()
  if (known?.state === 'RESERVED') {
    return { id: known.id, reservedWei: BigInt(known.reserved_wei), validUntil: known.valid_until }
  }
  if (known?.state === 'EXPIRED') return { id: known.id, reservedWei: 0n, validUntil: 0 }
  if (known !== undefined) {
    throw new Refused(
      deny('nonceUsed', `An operation of ${sender} with nonce ${nonce} has landed: take the next nonce`, {
        sender,
        nonce: String(nonce),
      }),
    )
  }
  const { id } = await ledger
    .insertInto('exposure')
    .values({ ...key, state: 'RESERVED', reserved_wei: '0', valid_until: 0 })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id, reservedWei: 0n, validUntil: 0 }
}

async function holdDeposit(
  ledger: Transaction<LedgerSchema>,
  { maxCostWei }: Reservation,
  reservedWei: bigint,
): Promise<void> {
  const growthWei = larger(maxCostWei - reservedWei, 0n)
  const position = await readPosition(ledger)
  const freeWei = position.depositWei - position.depositHeldWei
  if (growthWei > freeWei) {
    throw new Refused(
      deny(
        'depositUsedUp',
        `The paymaster's gas deposit has ${larger(freeWei, 0n)} wei that are not spoken for, and this operation may cost ${growthWei}: try again in some blocks, or tell the operator to top it up`,
        { freeWei: String(freeWei), requiredWei: String(growthWei) },
      ),
    )
  }
  await ledger
    .updateTable('position')
    .set({ deposit_held_wei: String(position.depositHeldWei + growthWei) })
    .execute()
}

async function holdBudget(
  ledger: Transaction<LedgerSchema>,
  budget: Budget,
  exposureId: ExposureId,
): Promise<void> {
  const held = await ledger
    .selectFrom('hold')
    .select(['wei', 'operations'])
    .where('exposure_id', '=', exposureId)
    .where('budget_id', '=', budget.id)
    .executeTakeFirst()
  const counter = await readCounter(ledger, budget.id)
  const wei = larger(budget.holdWei, BigInt(held?.wei ?? 0))
  const growthWei = wei - BigInt(held?.wei ?? 0)
  const growthOperations = 1 - (held?.operations ?? 0)
  checkLimits(budget, {
    wei: counter.heldWei + counter.usedWei,
    operations: counter.heldOperations + counter.usedOperations,
    growthWei,
    growthOperations,
  })
  await writeCounter(ledger, budget, {
    ...counter,
    heldWei: counter.heldWei + growthWei,
    heldOperations: counter.heldOperations + growthOperations,
  })
  await ledger
    .insertInto('hold')
    .values({ exposure_id: exposureId, budget_id: budget.id, wei: String(wei), operations: 1 })
    .onConflict(conflict => conflict.columns(['exposure_id', 'budget_id']).doUpdateSet({ wei: String(wei) }))
    .execute()
}

function checkLimits(
  budget: Budget,
  taken: { wei: bigint; operations: number; growthWei: bigint; growthOperations: number },
): void {
  const { limitWei, limitOperations } = budget
  const remedy = 'try again when operations under way have settled, or ask the operator'
  if (limitWei !== undefined && taken.growthWei > 0n && taken.wei + taken.growthWei > limitWei) {
    const freeWei = larger(limitWei - taken.wei, 0n)
    throw new Refused(
      deny(
        'budgetUsedUp',
        `Of ${budget.name} (${limitWei} wei) ${freeWei} wei are left, and this operation may cost ${taken.growthWei}: ${remedy}`,
        { budget: budget.id, limitWei: String(limitWei), freeWei: String(freeWei) },
      ),
    )
  }
  if (
    limitOperations !== undefined &&
    taken.growthOperations > 0 &&
    taken.operations + taken.growthOperations > limitOperations
  ) {
    throw new Refused(
      deny('budgetUsedUp', `Of ${budget.name} all ${limitOperations} operations are taken: ${remedy}`, {
        budget: budget.id,
        limitOperations,
      }),
    )
  }
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other
}
