// From where on a figure is an alert: as the rule has it, or as the operator has set it.
import type { Kysely } from 'kysely'
import type { AlertThreshold, ChangedThreshold } from '../admin/alerts/schema.ts'
import { type FieldProblem, fieldProblem } from '../problems/fieldProblems.ts'
import { type AlertRule, toMillionths } from './alertRule.ts'
import type { AlertTables } from './tables.ts'

export type Threshold = { readonly isEnabled: boolean; readonly openAt: string; readonly closeAt: string }

export type Thresholds = {
  start(): Promise<void>
  of(rule: AlertRule): Threshold
  all(): readonly AlertThreshold[]
  /** Undefined when there is no rule of that kind. */
  change(kind: string, changed: ChangedThreshold): Promise<AlertThreshold | undefined>
  /** The sentence that mends it; undefined when nothing is wrong. */
  problem(kind: string, changed: ChangedThreshold): FieldProblem | undefined
}

export function createThresholds(options: {
  readonly database: Kysely<AlertTables>
  readonly rules: readonly AlertRule[]
}): Thresholds {
  const { database, rules } = options
  const set = new Map<string, Threshold>()
  const of = (rule: AlertRule): Threshold => set.get(rule.kind) ?? { isEnabled: true, ...rule.defaults }
  const ruleOf = (kind: string): AlertRule | undefined => rules.find(rule => rule.kind === kind)
  const told = (rule: AlertRule): AlertThreshold => {
    const { kind, unit, opens, describe } = rule
    return { kind, ...of(rule), unit, opens, describe, isDefault: !set.has(kind) }
  }
  return {
    async start() {
      for (const row of await database.selectFrom('alert_threshold').selectAll().execute()) {
        set.set(row.kind, { isEnabled: row.is_enabled === 1, openAt: row.open_at, closeAt: row.close_at })
      }
    },
    of,
    all: () => rules.map(told),
    problem(kind, { openAt, closeAt }) {
      const rule = ruleOf(kind)
      if (rule === undefined) return undefined
      const isApart =
        rule.opens === 'below'
          ? toMillionths(closeAt) >= toMillionths(openAt)
          : toMillionths(closeAt) <= toMillionths(openAt)
      if (isApart) return undefined
      return fieldProblem(rule.opens === 'below' ? 'closesBelow' : 'closesAbove', { openAt })
    },
    async change(kind, { isEnabled, openAt, closeAt }) {
      const rule = ruleOf(kind)
      if (rule === undefined) return undefined
      const row = { is_enabled: isEnabled ? 1 : 0, open_at: openAt, close_at: closeAt }
      await database
        .insertInto('alert_threshold')
        .values({ kind: rule.kind, ...row })
        .onConflict(conflict => conflict.column('kind').doUpdateSet(row))
        .execute()
      set.set(kind, { isEnabled, openAt, closeAt })
      return told(rule)
    },
  }
}
