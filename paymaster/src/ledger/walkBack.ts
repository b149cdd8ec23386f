// A landing that the chain has taken back: its operation may land again, at any cost up to what is reserved. Also one that
// was final: finality is an expectation, and where the chain says otherwise, the chain is right.
import type { Selectable, Transaction } from 'kysely'
import type { Hash, Hex } from 'viem'
import { bookHour } from '../decisions/hourlySpend.ts'
import { showExposures } from '../decisions/showExposures.ts'
import { bookTokenHour } from '../decisions/tokenHours.ts'
import { holdBudgets, useBudgets } from './budgetCounters.ts'
import { countNoMore } from './landedHolds.ts'
import { forgetMishap } from './mishaps.ts'
import { moveDepositHeld } from './position.ts'
import type { LedgerSchema } from './schema.ts'
import { bookSpend } from './spend.ts'

type Ledger = Transaction<LedgerSchema>
export type Exposure = Selectable<LedgerSchema['exposure']>

/** Of a row whose operation stands in no block. */
export const landedNowhere = {
  landed_block_number: null,
  landed_block_hash: null,
  landed_transaction_hash: null,
  landed_user_operation_hash: null,
  actual_cost_wei: null,
  loss_wei: null,
  succeeded: null,
  landed_at: null,
  charge_wei: null,
  charge_paid: null,
  charged_token: null,
  charged_units: null,
} as const

/** Everything that landed in a block, or above one; the operations, null where somebody else paid. */
export async function walkBackAll(
  ledger: Ledger,
  which: { hash: Hash } | { above: bigint },
): Promise<readonly (Hash | null)[]> {
  const landed = ledger.selectFrom('exposure').selectAll().where('state', '!=', 'RESERVED')
  const rows = await ('hash' in which
    ? landed.where('landed_block_hash', '=', which.hash)
    : landed.where('landed_block_number', '>', Number(which.above))
  ).execute()
  for (const row of rows) await walkBack(ledger, row)
  return rows.map(row => row.landed_user_operation_hash as Hash | null)
}

export async function walkBack(ledger: Ledger, exposure: Exposure): Promise<void> {
  const reservedWei = BigInt(exposure.reserved_wei)
  const costWei = BigInt(exposure.actual_cost_wei ?? 0)
  if (exposure.state === 'INCLUDED') {
    await countNoMore(ledger, exposure.id)
    moveDepositHeld(ledger, costWei < reservedWei ? costWei : reservedWei)
  } else {
    await unbook(ledger, exposure, costWei)
    moveDepositHeld(ledger, reservedWei)
    if (reservedWei > 0n) await holdAgain(ledger, exposure.id)
  }
  await ledger
    .updateTable('exposure')
    .set({ state: 'RESERVED', ...landedNowhere })
    .where('id', '=', exposure.id)
    .execute()
  await showExposures(ledger, [exposure.id])
}

async function unbook(ledger: Ledger, exposure: Exposure, costWei: bigint): Promise<void> {
  if (exposure.state !== 'FINAL') return
  const { budgetIds, mode, policyId, tokenSpendWei } = await landedSignature(ledger, exposure)
  const taken = { costWei: -costWei, lossWei: -BigInt(exposure.loss_wei ?? 0), operations: -1 } as const
  const tokenWei = exposure.succeeded === 0 ? 0n : -(tokenSpendWei ?? 0n)
  await useBudgets(ledger, budgetIds ?? [], { ...taken, tokenWei: () => tokenWei })
  await bookSpend(ledger, { mode, policyId, ...taken })
  await forgetMishap(ledger, exposure.id)
  await bookHour(ledger, {
    ...{ mode, policyId, ...taken },
    landedAtSeconds: exposure.landed_at,
    chargeWei: -BigInt(exposure.charge_wei ?? 0),
    isChargePaid: exposure.charge_paid === 1,
    failed: exposure.succeeded === 0 ? -1 : 0,
  })
  if (exposure.charged_token !== null) {
    await bookTokenHour(ledger, {
      landedAtSeconds: exposure.landed_at,
      token: exposure.charged_token,
      units: -BigInt(exposure.charged_units ?? 0),
      ...{ costWei: -costWei, operations: -1 },
    })
  }
}

/** What its signatures held when they were given; of a tank the cost, to which the chain itself holds the rest. */
async function holdAgain(ledger: Ledger, exposureId: number): Promise<void> {
  const signatures = await ledger
    .selectFrom('signature')
    .select(['budget_ids', 'max_cost_wei', 'token_spend_wei'])
    .where('exposure_id', '=', exposureId)
    .execute()
  const mostWei = new Map<string, bigint>()
  for (const { budget_ids, max_cost_wei, token_spend_wei } of signatures) {
    for (const id of JSON.parse(budget_ids) as string[]) {
      const wei = BigInt((await countsTokens(ledger, id)) ? token_spend_wei : max_cost_wei)
      if ((mostWei.get(id) ?? 0n) <= wei) mostWei.set(id, wei)
    }
  }
  await holdBudgets(ledger, exposureId, mostWei)
}

async function countsTokens(ledger: Ledger, budgetId: string): Promise<boolean> {
  const row = await ledger
    .selectFrom('budget')
    .select('consumes')
    .where('id', '=', budgetId)
    .executeTakeFirst()
  return row?.consumes === 'token'
}

/** The signature that landed; without budgets where it was never recorded. */
export async function landedSignature(
  ledger: Ledger,
  exposure: Pick<Exposure, 'landed_user_operation_hash'>,
): Promise<{
  budgetIds: readonly string[] | undefined
  mode: string
  policyId: Hex
  tokenSpendWei: bigint | undefined
}> {
  const row = await ledger
    .selectFrom('signature')
    .select(['budget_ids', 'mode', 'policy_id', 'token_spend_wei'])
    .where('user_operation_hash', '=', exposure.landed_user_operation_hash ?? '')
    .executeTakeFirst()
  if (row === undefined) {
    return { budgetIds: undefined, mode: 'unknown', policyId: '0x', tokenSpendWei: undefined }
  }
  return {
    budgetIds: JSON.parse(row.budget_ids),
    mode: row.mode,
    policyId: row.policy_id as Hex,
    tokenSpendWei: BigInt(row.token_spend_wei),
  }
}
