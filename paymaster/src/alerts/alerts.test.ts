import { type Kysely, openDatabase } from '@worldland-aa/service/database/openDatabase'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LedgerSchema, ledgerMigrations } from '../ledger/schema.ts'
import { testLogger } from '../testing/startPaymaster.ts'
import { createEndpointBook } from '../webhooks/endpointBook.ts'
import { createOutbox } from '../webhooks/outbox.ts'
import { type AlertBook, createAlertBook } from './alertBook.ts'
import type { AlertRule, Measurement } from './alertRule.ts'
import { createAlertWatch } from './alertWatch.ts'
import { budgetNearlyUsed } from './rules/budgetNearlyUsed.ts'
import { ledgerDrift } from './rules/ledgerDrift.ts'
import { refusalRateHigh } from './rules/refusalRateHigh.ts'
import { createThresholds } from './thresholds.ts'

let database: Kysely<LedgerSchema>
let book: AlertBook
const seconds = 1_800_000_000
const now = () => seconds
let measured: readonly Measurement[] | Error = []

const rule: AlertRule = {
  kind: 'budgetNearlyUsed',
  severity: 'warning',
  unit: 'percent',
  opens: 'above',
  defaults: { openAt: '80', closeAt: '70' },
  describe: '',
  async measure() {
    if (measured instanceof Error) throw measured
    return measured
  },
}

const at = (value: string, subject: string | null = null): Measurement => ({
  ...{ subject, value },
  title: `${value} % are taken`,
  state: `It is at ${value} %.`,
  remedy: 'Raise it.',
})

beforeEach(async () => {
  database = await openDatabase<LedgerSchema>({ path: ':memory:', migrations: ledgerMigrations })
  const endpoints = createEndpointBook({ database, now })
  const events = ['alert.opened', 'alert.closed'] as const
  const wanted = { name: 'Chat', url: 'https://hook.example/', format: 'standard', isEnabled: true } as const
  await endpoints.create({ ...wanted, events: [...events] }, 'Ann')
  book = createAlertBook({ database, outbox: createOutbox({ endpoints, now }), now })
})
afterEach(async () => {
  await database.destroy()
})

async function look(...figures: readonly (readonly Measurement[] | Error)[]): Promise<void> {
  const thresholds = createThresholds({ database, rules: [rule] })
  await thresholds.start()
  const live = { tell: () => undefined }
  const watch = createAlertWatch({ rules: [rule], thresholds, book, live, logger: testLogger })
  for (const figure of figures) {
    measured = figure
    await watch.look()
  }
}

async function told(): Promise<readonly string[]> {
  const rows = await database.selectFrom('webhook_message').select('body').execute()
  return rows.map(({ body }) => {
    const { type, data } = JSON.parse(body)
    return `${type}: ${data.title}`
  })
}

describe('an alert', () => {
  it('is told once when it opens and once when it has come well back', async () => {
    await look([at('79.9')], [at('80')], [at('85')], [at('75')], [at('81')])
    expect(await told()).toEqual(['alert.opened: 80 % are taken'])
    expect(await book.page({ state: 'open', limit: 5 })).toMatchObject([
      { value: '81', text: 'It is at 81 %. Raise it.' },
    ])
    await look([at('70')])
    expect((await told()).toSorted()).toEqual([
      'alert.closed: Over: 81 % are taken',
      'alert.opened: 80 % are taken',
    ])
    await look([at('90')])
    expect(await told()).toHaveLength(3)
  })

  it('is of each subject by itself, and closes with a subject that is gone', async () => {
    await look([at('90', 'a'), at('90', 'b')], [at('90', 'b')])
    expect(await book.page({ state: 'open', limit: 5 })).toMatchObject([{ subject: 'b' }])
    expect(await book.page({ state: 'closed', limit: 5 })).toMatchObject([{ subject: 'a' }])
  })

  it('stays as it is while nothing can be measured', async () => {
    await look([at('90')], new Error('the node does not answer'))
    expect(await book.page({ state: 'open', limit: 5 })).toHaveLength(1)
  })

  it('that is switched off closes, and opens no more', async () => {
    await look([at('90')])
    const thresholds = createThresholds({ database, rules: [rule] })
    await thresholds.change('budgetNearlyUsed', { isEnabled: false, openAt: '80', closeAt: '70' })
    await look([at('95')])
    expect(await book.page({ state: 'open', limit: 5 })).toEqual([])
  })

  it('compares figures that no floating-point number holds', async () => {
    const wei: AlertRule = { ...rule, opens: 'below' }
    const bound = '100000000000000000000000001'
    const threshold = { isEnabled: true, openAt: bound, closeAt: '100000000000000000000000002' }
    await book.take(wei, threshold, [at('100000000000000000000000002')])
    expect(await told()).toEqual([])
    await book.take(wei, threshold, [at(bound)])
    expect(await told()).toHaveLength(1)
  })
})

describe('what is measured', () => {
  const token = { symbol: 'SIX', decimals: 6 }

  it('of budgets in the token: the same, told by the token’s own decimals and name', async () => {
    await database
      .insertInto('budget')
      .values({
        ...{ id: 'policy/rentals/global/token/total', consumes: 'token', held_wei: '500000' },
        ...{ used_wei: '1000000', held_operations: 1, used_operations: 7 },
      })
      .execute()
    const policy = { id: 'rentals', global: { tokenWei: 1_500_000n, window: 'total' } }
    const { measure } = budgetNearlyUsed({ database, token, policies: () => [policy as never], now })
    expect(await measure()).toMatchObject([
      { value: '100.0', state: 'Of 1.5 SIX 100.0 % are spent or held for operations under way.' },
    ])
  })

  it('of budgets: what is spent and held of the window that runs', async () => {
    const day = new Date(seconds * 1000).toISOString().slice(0, 10)
    const counter = { consumes: 'cost', held_operations: 1, used_operations: 7, used_wei: '700' } as const
    await database
      .insertInto('budget')
      .values([
        { ...counter, id: `policy/rentals/global/${day}`, held_wei: '125' },
        { ...counter, id: 'policy/rentals/global/2020-01-01', held_wei: '999' },
      ])
      .execute()
    const policy = { id: 'rentals', global: { costWei: 1_000n, operations: 10, window: 'day' } }
    const rules = budgetNearlyUsed({ database, token, policies: () => [policy as never], now })
    expect((await rules.measure()).map(({ value }) => value)).toEqual(['82.5', '80.0'])
  })

  it('of refusals: their share, with the reasons, where there were enough requests', async () => {
    const hour = seconds - (seconds % 3_600)
    const rows = (refused: number) => [
      { hour, outcome: 'granted', reason: '', mode: 'sponsor', policy_id: '0x', requests: 10 },
      { hour, outcome: 'refused', reason: 'callNotAllowed', mode: '', policy_id: '0x', requests: refused },
    ]
    const { measure } = refusalRateHigh({ database, now })
    await database.insertInto('decision_hour').values(rows(5)).execute()
    expect(await measure()).toEqual([])
    await database.deleteFrom('decision_hour').execute()
    await database.insertInto('decision_hour').values(rows(30)).execute()
    expect(await measure()).toMatchObject([
      { value: '75.0', state: expect.stringContaining('callNotAllowed (30)') },
    ])
  })

  it('of the last reconciliation: every wei by which books and chain differ', async () => {
    const { measure } = ledgerDrift({ database })
    expect(await measure()).toEqual([])
    const run = { started_by: 'hour', state: 'finished', started_at: seconds, item_count: 0, to_block: 7 }
    const figures = (driftWei: string) => JSON.stringify({ deposit: { driftWei }, tanks: null, ledger: null })
    await database
      .insertInto('reconciliation_run')
      .values({ ...run, figures: figures('-3') })
      .execute()
    expect(await measure()).toMatchObject([{ value: '3', state: expect.stringContaining('deposit 3 wei') }])
    await database
      .insertInto('reconciliation_run')
      .values({ ...run, figures: figures('0') })
      .execute()
    expect(await measure()).toMatchObject([{ value: '0' }])
  })
})
