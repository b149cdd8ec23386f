// Of a policy's budget for all most is gone: what comes next will be refused.
import type { Kysely } from 'kysely'
import { formatEther } from 'viem'
import { windowName, windowWords } from '../../ledger/budgetWindow.ts'
import type { LedgerSchema } from '../../ledger/schema.ts'
import { limitsOf, type Policy } from '../../policy/sponsorshipPolicy.ts'
import { type ShownToken, tokenAmount } from '../../tokenAmount.ts'
import type { AlertRule, Measurement } from '../alertRule.ts'

export function budgetNearlyUsed(options: {
  readonly database: Kysely<LedgerSchema>
  /** Of which budgets count what calls spend. */
  readonly token: ShownToken
  /** In force now. */
  readonly policies: () => readonly Policy[]
  /** Seconds since the Unix epoch, as the chain measures them. */
  readonly now: () => number
}): AlertRule {
  const { database, token, policies, now } = options

  async function takenOf(id: string): Promise<{ takenWei: bigint; taken: number }> {
    const row = await database.selectFrom('budget').selectAll().where('id', '=', id).executeTakeFirst()
    return {
      takenWei: BigInt(row?.held_wei ?? 0) + BigInt(row?.used_wei ?? 0),
      taken: (row?.held_operations ?? 0) + (row?.used_operations ?? 0),
    }
  }

  async function tokenShare(id: string, tokenWei: bigint): Promise<{ percent: string; of: string }> {
    const { takenWei } = await takenOf(id)
    return { percent: percentOf(takenWei, tokenWei), of: tokenAmount(tokenWei, token) }
  }

  async function measureOf(policy: Policy): Promise<readonly Measurement[]> {
    const measured: Measurement[] = []
    for (const { scope, costWei, tokenWei, operations, window } of limitsOf(policy)) {
      if (scope !== 'global') continue
      const name = windowName(window, now())
      const { takenWei, taken } = await takenOf(`policy/${policy.id}/global/${name}`)
      const shares = [
        ...(costWei === undefined
          ? []
          : [{ percent: percentOf(takenWei, costWei), of: formatEther(costWei) }]),
        ...(operations === undefined
          ? []
          : [{ percent: percentOf(BigInt(taken), BigInt(operations)), of: `${operations} operations` }]),
        ...(tokenWei === undefined
          ? []
          : [await tokenShare(`policy/${policy.id}/global/token/${name}`, tokenWei)]),
      ]
      for (const { percent, of } of shares) {
        const budget = `the budget of policy "${policy.id}"${windowWords(window)}`
        measured.push({
          subject: `${policy.id}/${window}/${of}`,
          value: percent,
          title: `${percent} % of ${budget} are taken`,
          state: `Of ${of} ${percent} % are spent or held for operations under way.`,
          remedy: 'Raise the budget in the policy, or let it refuse what comes when it is used up.',
        })
      }
    }
    return measured
  }

  return {
    kind: 'budgetNearlyUsed',
    severity: 'warning',
    unit: 'percent',
    opens: 'above',
    defaults: { openAt: '80', closeAt: '70' },
    describe: 'How much of a policy’s budget for all is spent or held, in its window',
    measure: async () => (await Promise.all(policies().map(measureOf))).flat(),
  }
}

/** To a tenth, never more than it is. */
function percentOf(part: bigint, whole: bigint): string {
  if (whole === 0n) return '100.0'
  const tenths = (part * 1_000n) / whole
  return `${tenths / 10n}.${tenths % 10n}`
}
