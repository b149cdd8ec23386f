import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import { createLogger } from '@worldland-aa/service/logger'
import SqliteDatabase from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import type { Actor } from '../adminEnvironment.ts'
import { createLiveUpdates } from '../liveUpdates.ts'
import { type AdminTables, adminMigrations } from '../tables.ts'
import { createAuditStore } from './auditStore.ts'

const closing: (() => Promise<void>)[] = []
const mina: Actor = { id: 'u1', name: 'Mina', role: 'operator' }
const joon: Actor = { id: 'u2', name: 'Joon', role: 'admin' }

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function open(path = join(mkdtempSync(join(tmpdir(), 'audit-')), 'ledger.sqlite')) {
  const database = await openDatabase<AdminTables>({ path, migrations: adminMigrations })
  let seconds = 1_000
  const logger = createLogger({ name: 'test', level: 'silent' })
  const audit = createAuditStore({ database, live: createLiveUpdates(), now: () => seconds++, logger })
  closing.push(() => database.destroy())
  return { path, database, audit }
}

async function actions(
  audit: Awaited<ReturnType<typeof open>>['audit'],
  filter: Parameters<typeof audit.read>[0],
) {
  const rows = await audit.read(filter, { beforeId: undefined, limit: 50 })
  return rows.map(row => `${row.actor_name} ${row.action}`)
}

describe('the audit log', () => {
  it('is read newest first, by who, what and when', async () => {
    const { audit } = await open()
    await audit.append({ actor: mina, action: 'policy.save', subject: 'welcome', detail: { wei: 5n } })
    await audit.append({ actor: joon, action: 'policy.rollback' })
    await audit.append({ actor: joon, action: 'user.invite' })
    expect(await actions(audit, {})).toEqual(['Joon user.invite', 'Joon policy.rollback', 'Mina policy.save'])
    expect(await actions(audit, { actor: 'mina' })).toEqual(['Mina policy.save'])
    expect(await actions(audit, { actor: 'u2', action: 'policy.' })).toEqual(['Joon policy.rollback'])
    expect(await actions(audit, { fromSeconds: 1_001, toSeconds: 1_001 })).toEqual(['Joon policy.rollback'])
  })

  it('takes entries that come at once one behind the other', async () => {
    const { audit } = await open()
    await Promise.all(Array.from({ length: 40 }, () => audit.append({ actor: mina, action: 'brake.pause' })))
    expect(await audit.check()).toMatchObject({ isWhole: true, entries: 40, brokenAtId: null })
  })

  it('lets nobody change or delete an entry by SQL', async () => {
    const { audit, database } = await open()
    await audit.append({ actor: mina, action: 'brake.pause' })
    await expect(database.updateTable('audit').set({ actor_name: 'Joon' }).execute()).rejects.toThrow(
      /are not changed/,
    )
    await expect(database.deleteFrom('audit').execute()).rejects.toThrow(/are not deleted/)
  })

  it.each([
    ['an entry is changed', `update audit set actor_name = 'Joon' where id = 3`, 3],
    ['an entry is taken out', 'delete from audit where id = 3', 4],
    [
      'an entry is put in',
      `insert into audit select 9, at, actor_id, actor_name, actor_role, action, subject, detail, hash from audit where id = 2`,
      9,
    ],
  ])('shows where the file was tampered with: %s', async (_, tampering, brokenAtId) => {
    const { path, audit, database } = await open()
    for (let count = 0; count < 5; count++) await audit.append({ actor: mina, action: 'brake.pause' })
    await database.destroy()
    closing.pop()
    const file = new SqliteDatabase(path)
    file.exec('drop trigger audit_keeps_entries; drop trigger audit_keeps_words')
    file.exec(tampering)
    file.close()
    const again = await open(path)
    expect(await again.audit.check()).toMatchObject({ isWhole: false, brokenAtId })
  })
})
