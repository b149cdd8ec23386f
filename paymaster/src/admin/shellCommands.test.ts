import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import { createLogger } from '@worldland-aa/service/logger'
import { sql } from 'kysely'
import { afterEach, expect, it } from 'vitest'
import { createAuditStore } from './audit/auditStore.ts'
import { createLiveUpdates } from './liveUpdates.ts'
import { createShellCommands } from './shellCommands.ts'
import { createSignInLinks } from './signIn/links.ts'
import { type AdminTables, adminMigrations } from './tables.ts'

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function open() {
  const database = await openDatabase<AdminTables>({ path: ':memory:', migrations: adminMigrations })
  closing.push(() => database.destroy())
  const now = (): number => 1_000
  const live = createLiveUpdates()
  const audit = createAuditStore({
    database,
    live,
    now,
    logger: createLogger({ name: 'test', level: 'silent' }),
  })
  const links = createSignInLinks({ database, origin: () => 'http://localhost:4338', now })
  const command = createShellCommands({
    ...{ links, audit, live, isOn: true },
    command: async ({ command: name }) => ({ ok: name !== 'block', message: `${name} done` }),
  })
  const written = async () =>
    (await audit.read({}, { beforeId: undefined, limit: 50 })).map(({ action, subject }) =>
      subject === null ? action : `${action} ${subject}`,
    )
  return { database, command, written }
}

it('writes down what was changed, as the console calls it, and neither questions nor what was refused', async () => {
  const { command, written } = await open()
  await command({ command: 'status' })
  await command({ command: 'block', argument: '0x12' })
  await command({ command: 'pause' })
  await command({ command: 'unblock', argument: '127.0.0.1' })
  await command({ command: 'reload' })
  expect(await written()).toEqual(['policy.reload', 'brake.unblock 127.0.0.1', 'brake.pause'])
})

it('says that a pause holds, though the audit log takes no entry', async () => {
  const { database, command } = await open()
  await sql`drop table audit`.execute(database)
  expect(await command({ command: 'pause' })).toEqual({
    ok: true,
    message: expect.stringMatching(/^pause done\nIt could not be written into the audit log: .+/),
  })
})

it('gives a link for a role that there is, as a secret, and names those that there are', async () => {
  const { command } = await open()
  expect(await command({ command: 'sign-in-link', argument: 'viewer' })).toMatchObject({
    ok: true,
    isSecret: true,
  })
  expect(await command({ command: 'sign-in-link', argument: 'root' })).toEqual({
    ok: false,
    message: '"root" is none of the roles viewer, operator, admin',
  })
})
