// Alerts that are open and those that were, and the thresholds that an operator has set otherwise than they come.
import type { Migrations } from '@worldland-aa/service/database/openDatabase'
import { type Generated, type Kysely, sql } from 'kysely'
import type { AlertKind, AlertSeverity } from '../admin/alerts/schema.ts'

export type AlertTables = {
  alert: {
    id: Generated<number>
    kind: AlertKind
    /** Empty where there is one of its kind. */
    subject: string
    severity: AlertSeverity
    title: string
    text: string
    value: string
    opened_at: number
    closed_at: number | null
    acknowledged_at: number | null
    acknowledged_by: string | null
  }
  alert_threshold: { kind: AlertKind; is_enabled: number; open_at: string; close_at: string }
}

export const alertMigrations: Migrations = {
  '042-alerts': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table alert (
        id integer primary key autoincrement, kind text not null, subject text not null,
        severity text not null, title text not null, text text not null, value text not null,
        opened_at integer not null, closed_at integer, acknowledged_at integer, acknowledged_by text)
        strict`.execute(database)
      await sql`create unique index alert_open on alert (kind, subject) where closed_at is null`.execute(
        database,
      )
      await sql`create table alert_threshold (
        kind text primary key, is_enabled integer not null, open_at text not null, close_at text not null)
        strict, without rowid`.execute(database)
    },
  },
}
