// Opens an alert when a figure goes bad and closes it when it has come well back, with one message each way; keeps them for
// who asks what happened.
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Alert } from '../admin/alerts/schema.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import type { WebhookTables } from '../webhooks/tables.ts'
import { type AlertRule, isBad, isGood, type Measurement } from './alertRule.ts'
import type { AlertTables } from './tables.ts'
import type { Threshold } from './thresholds.ts'

type Tables = AlertTables & WebhookTables
type AlertRow = Selectable<AlertTables['alert']>

export type AlertBook = {
  /** The alerts that were opened or closed by it. */
  take(rule: AlertRule, threshold: Threshold, measurements: readonly Measurement[]): Promise<readonly Alert[]>
  page(wanted: {
    readonly state?: 'open' | 'closed' | undefined
    readonly before?: number | undefined
    readonly limit: number
  }): Promise<readonly Alert[]>
  /** Undefined when there is none of that id. */
  acknowledge(id: number, by: string): Promise<Alert | undefined>
}

const closedKeptSeconds = 400 * 86_400

export function createAlertBook(options: {
  readonly database: Kysely<Tables>
  readonly outbox: Pick<Outbox, 'put'>
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}): AlertBook {
  const { database, outbox, now } = options

  async function open(rule: AlertRule, measured: Measurement): Promise<Alert> {
    const { kind, severity } = rule
    const { subject, value, title, state, remedy } = measured
    return await database.transaction().execute(async transaction => {
      const row = await transaction
        .insertInto('alert')
        .values({
          ...{ kind, severity, title, value },
          subject: subject ?? '',
          text: `${state} ${remedy}`,
          opened_at: now(),
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      await transaction
        .deleteFrom('alert')
        .where('closed_at', '<', now() - closedKeptSeconds)
        .execute()
      return await tell(transaction, 'alert.opened', row, row)
    })
  }

  async function close(row: AlertRow, measured: Measurement | undefined): Promise<Alert> {
    const text = measured?.state ?? 'There is nothing to measure any more.'
    return await database.transaction().execute(async transaction => {
      const closed = await transaction
        .updateTable('alert')
        .set({ closed_at: now(), ...(measured && { value: measured.value }) })
        .where('id', '=', row.id)
        .returningAll()
        .executeTakeFirstOrThrow()
      return await tell(transaction, 'alert.closed', closed, { title: `Over: ${row.title}`, text })
    })
  }

  async function tell(
    transaction: Transaction<Tables>,
    event: 'alert.opened' | 'alert.closed',
    row: AlertRow,
    { title, text }: { readonly title: string; readonly text: string },
  ): Promise<Alert> {
    const alert = toWire(row)
    const { id, kind, subject, severity, value, openedAtSeconds, closedAtSeconds } = alert
    const told = { id, kind, subject, severity, title, text, value, openedAtSeconds, closedAtSeconds }
    await outbox.put(transaction as unknown as Transaction<WebhookTables>, event, told)
    return alert
  }

  async function keepUp(row: AlertRow, { value, state, remedy, title }: Measurement): Promise<void> {
    const text = `${state} ${remedy}`
    if (row.value === value && row.text === text) return
    await database.updateTable('alert').set({ value, text, title }).where('id', '=', row.id).execute()
  }

  return {
    async take(rule, { isEnabled, openAt, closeAt }, measurements) {
      const rows = await database
        .selectFrom('alert')
        .selectAll()
        .where('kind', '=', rule.kind)
        .where('closed_at', 'is', null)
        .execute()
      const changed: Alert[] = []
      const measured = isEnabled ? measurements : []
      for (const row of rows) {
        const found = measured.find(({ subject }) => (subject ?? '') === row.subject)
        if (found === undefined || isGood(rule, found.value, closeAt)) changed.push(await close(row, found))
        else await keepUp(row, found)
      }
      for (const found of measured) {
        const isOpen = rows.some(({ subject }) => subject === (found.subject ?? ''))
        if (!isOpen && isBad(rule, found.value, openAt)) changed.push(await open(rule, found))
      }
      return changed
    },
    async page({ state, before, limit }) {
      let query = database.selectFrom('alert').selectAll().orderBy('id', 'desc').limit(limit)
      if (state === 'open') query = query.where('closed_at', 'is', null)
      if (state === 'closed') query = query.where('closed_at', 'is not', null)
      if (before !== undefined) query = query.where('id', '<', before)
      return (await query.execute()).map(toWire)
    },
    async acknowledge(id, by) {
      const row = await database
        .updateTable('alert')
        .set({ acknowledged_at: now(), acknowledged_by: by })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst()
      return row && toWire(row)
    },
  }
}

function toWire(row: AlertRow): Alert {
  return {
    id: String(row.id),
    kind: row.kind,
    subject: row.subject === '' ? null : row.subject,
    severity: row.severity,
    title: row.title,
    text: row.text,
    openedAtSeconds: row.opened_at,
    closedAtSeconds: row.closed_at,
    value: row.value,
    acknowledgedAtSeconds: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by,
  }
}
