// On which counters an operation counts, and by how much.
import { describe, expect, it } from 'vitest'
import { policyBudgets } from './policyBudgets.ts'
import { operationOf, policyOf, problemsOf, sender } from './testing/question.ts'

const nowSeconds = Date.parse('2026-11-29T16:05:00Z') / 1000
const costPerOperationWei = '10'

function budgetsOf(limits: object, apiKeyId?: string) {
  const policy = policyOf({ limits: { costPerOperationWei, ...limits } })
  const operation = operationOf([])
  const token = { symbol: 'SIX', decimals: 6 }
  return policyBudgets({ policy, operation, apiKeyId, nowSeconds, maxCostWei: 7n, tokenSpendWei: 3n, token })
}

describe('the budgets of a policy', () => {
  it('of a day or for ever have the ids that they always had', () => {
    const budgets = budgetsOf({
      perSender: { costWei: '50', operations: 5 },
      global: { costWei: '100', window: 'total' },
    })
    expect(budgets.map(({ id }) => id)).toEqual([
      'policy/demo/global/total',
      `policy/demo/${sender}/2026-11-29`,
    ])
    expect(budgets[1]).toMatchObject({ limitWei: 50n, limitOperations: 5, consumes: 'cost', holdWei: 7n })
  })

  it('count in every window that is named, in gas, in operations and in the token', () => {
    const budgets = budgetsOf({
      global: [
        { costWei: '100' },
        { operations: 9, window: 'hour' },
        { costWei: '500', tokenWei: '70', window: 'week' },
      ],
    })
    expect(budgets.map(({ id, consumes, holdWei }) => [id, consumes, holdWei])).toEqual([
      ['policy/demo/global/2026-11-29', 'cost', 7n],
      ['policy/demo/global/2026-11-29T16', 'cost', 7n],
      ['policy/demo/global/week-2026-11-23', 'cost', 7n],
      ['policy/demo/global/token/week-2026-11-23', 'token', 3n],
    ])
    expect(budgets[1]).toMatchObject({ limitOperations: 9 })
    expect(budgets[1]).not.toHaveProperty('limitWei')
    expect(budgets.map(({ shownIn }) => shownIn?.symbol)).toEqual([undefined, undefined, undefined, 'SIX'])
  })

  it('of an API key are its own, and there are none without a key', () => {
    const limits = { global: { costWei: '100' }, perApiKey: { costWei: '20', window: 'month' } }
    expect(budgetsOf(limits, 'key_1').at(-1)).toMatchObject({
      id: 'policy/demo/key:key_1/2026-11',
      limitWei: 20n,
    })
    expect(budgetsOf(limits)).toHaveLength(1)
  })
})

describe('limits that contradict each other', () => {
  it.each([
    [
      'two of one window',
      { global: [{ costWei: '100' }, { costWei: '50' }] },
      'limits.global has two limits',
    ],
    ['no bound on gas for all', { global: { operations: 5 } }, 'limits.global.costWei is missing'],
    [
      'a share above the whole, in any unit',
      { global: { costWei: '100', tokenWei: '5' }, perApiKey: { tokenWei: '6' } },
      'limits.perApiKey.tokenWei is above limits.global.tokenWei',
    ],
    [
      'one operation above a window of it',
      { global: [{ costWei: '100' }, { costWei: '9', window: 'hour' }] },
      'limits.costPerOperationWei is above limits.global.costWei (9)',
    ],
    [
      'more of the token for one than for all',
      { tokenPerOperationWei: '8', global: { costWei: '100', tokenWei: '7' } },
      'limits.tokenPerOperationWei is above limits.global.tokenWei',
    ],
  ])('are refused by their field: %s', (_, limits, problem) => {
    expect(problemsOf({ limits: { costPerOperationWei, ...limits } }).join()).toContain(problem)
  })
})
