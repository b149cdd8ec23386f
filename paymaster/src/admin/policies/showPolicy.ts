// A policy as the console sees it: what is kept of it, what its budgets hold in their present windows, and what it spent.
import type { Kysely } from 'kysely'
import { windowName } from '../../ledger/budgetWindow.ts'
import { readWasted } from '../../ledger/mishaps.ts'
import type { LedgerSchema } from '../../ledger/schema.ts'
import { type Held, readHeld, readSpend, type Spend } from '../../ledger/spend.ts'
import { onChainPolicyId } from '../../policy/policyId.ts'
import { judgeTime } from '../../policy/rules/timeRule.ts'
import type { Policy as PolicyInForce } from '../../policy/sponsorshipPolicy.ts'
import { limitsOf } from '../../policy/sponsorshipPolicy.ts'
import type { KeptPolicy } from '../../policy/store/keptPolicy.ts'
import type { ShownToken } from '../../tokenAmount.ts'
import type { Policy, PolicyBudget, PolicyDetail } from './schema.ts'

const secondsPerDay = 86_400

export type ShownBy = { readonly database: Kysely<LedgerSchema>; readonly token: ShownToken }

export type PolicyFigures = {
  readonly spend: readonly Spend[]
  readonly held: readonly Held[]
  readonly wasted: ReadonlyMap<string, bigint>
  readonly today: ReadonlyMap<string, { readonly spentWei: bigint; readonly operations: number }>
}

/** Of all policies at once: each is one look at the ledger. */
export async function readPolicyFigures(
  database: Kysely<LedgerSchema>,
  nowSeconds: number,
): Promise<PolicyFigures> {
  const midnight = nowSeconds - (nowSeconds % secondsPerDay)
  const [spend, held, wasted, hours] = await Promise.all([
    readSpend(database),
    readHeld(database),
    readWasted(database),
    database
      .selectFrom('spend_hour')
      .select(['policy_id', 'cost_wei', 'operations'])
      .where('hour', '>=', midnight)
      .execute(),
  ])
  const today = new Map<string, { spentWei: bigint; operations: number }>()
  for (const { policy_id, cost_wei, operations } of hours) {
    const sum = today.get(policy_id) ?? { spentWei: 0n, operations: 0 }
    today.set(policy_id, {
      spentWei: sum.spentWei + BigInt(cost_wei),
      operations: sum.operations + operations,
    })
  }
  return { spend, held, wasted, today }
}

export async function showPolicy(
  by: ShownBy,
  kept: KeptPolicy,
  figures: PolicyFigures,
  nowSeconds: number,
): Promise<Policy> {
  const { id, policy } = kept
  const onChainId = onChainPolicyId(id)
  const spend = figures.spend.filter(({ policyId }) => policyId === onChainId)
  const held = figures.held.filter(({ policyId }) => policyId === onChainId)
  const today = figures.today.get(onChainId)
  const sum = (wei: readonly bigint[]): string => String(wei.reduce((total, one) => total + one, 0n))
  return {
    id,
    name: policy?.name ?? id,
    state: kept.state,
    isDefault: policy?.isDefault ?? false,
    version: kept.version,
    newestVersion: kept.newestVersion,
    source: kept.source,
    author: kept.author,
    changedAtSeconds: kept.changedAtSeconds,
    note: kept.note,
    idleBecause: idleBecause(kept, nowSeconds),
    budgets: policy === undefined ? [] : await readBudgets(by, policy, nowSeconds),
    today: {
      spentWei: String(today?.spentWei ?? 0n),
      heldWei: sum(held.map(({ heldWei }) => heldWei)),
      operations: today?.operations ?? 0,
    },
    totals: {
      spentWei: sum(spend.map(({ costWei }) => costWei)),
      lossWei: String(figures.wasted.get(onChainId) ?? 0n),
      operations: spend.reduce((total, { operations }) => total + operations, 0),
    },
  }
}

export async function showDetail(by: ShownBy, kept: KeptPolicy, nowSeconds: number): Promise<PolicyDetail> {
  const figures = await readPolicyFigures(by.database, nowSeconds)
  return {
    ...(await showPolicy(by, kept, figures, nowSeconds)),
    definition: kept.definition as Record<string, unknown>,
    waitingFileVersion: kept.waitingFileVersion,
  }
}

function idleBecause({ state, policy, problem }: KeptPolicy, nowSeconds: number): string | null {
  if (state === 'archived') return 'It is archived.'
  if (policy === undefined) return `Its text means nothing to this version of the service: ${problem}`
  const verdict = judgeTime(policy, { policy, nowSeconds, operation: nothing })
  return verdict.passed === false ? verdict.detail : null
}

/** The time of a policy is the same for every operation. */
const nothing = {
  sender: '0x0000000000000000000000000000000000000000',
  nonce: 0n,
  callData: '0x',
  callGasLimit: 0n,
  verificationGasLimit: 0n,
  preVerificationGas: 0n,
  maxFeePerGas: 0n,
  maxPriorityFeePerGas: 0n,
} as const

async function readBudgets(
  { database, token: { symbol, decimals } }: ShownBy,
  policy: PolicyInForce,
  nowSeconds: number,
): Promise<PolicyBudget[]> {
  const wanted = limitsOf(policy)
    .filter(({ scope }) => scope === 'global')
    .flatMap(({ costWei, tokenWei, operations, window }) => {
      const id = `policy/${policy.id}/global`
      const name = windowName(window, nowSeconds)
      const common = { scope: 'global', window, token: null } as const
      const plain = { ...common, id: `${id}/${name}` }
      return [
        ...(costWei === undefined ? [] : [{ ...plain, unit: 'costWei', limit: String(costWei) } as const]),
        ...(operations === undefined
          ? []
          : [{ ...plain, unit: 'operations', limit: String(operations) } as const]),
        ...(tokenWei === undefined
          ? []
          : [
              {
                ...common,
                id: `${id}/token/${name}`,
                unit: 'tokenWei',
                limit: String(tokenWei),
                token: { symbol, decimals },
              } as const,
            ]),
      ]
    })
  if (wanted.length === 0) return []
  const rows = await database
    .selectFrom('budget')
    .selectAll()
    .where('id', 'in', [...new Set(wanted.map(({ id }) => id))])
    .execute()
  const byId = new Map(rows.map(row => [row.id, row]))
  return wanted.map(({ id, ...budget }) => {
    const row = byId.get(id)
    const counts = budget.unit === 'operations'
    return {
      ...budget,
      used: String((counts ? row?.used_operations : row?.used_wei) ?? 0),
      held: String((counts ? row?.held_operations : row?.held_wei) ?? 0),
    }
  })
}
