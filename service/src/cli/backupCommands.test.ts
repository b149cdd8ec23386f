import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { Command } from 'commander'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { httpUrl, text } from '../config/setting.ts'
import { takeBackupMark } from '../database/backupMark.ts'
import { type Kysely, type Migrations, openDatabase } from '../database/openDatabase.ts'
import { type BackupCommands, backupCommand, restoreCommand } from './backupCommands.ts'

type Schema = { fact: { id: number }; identity: { id: number; chain_id: number } }

const migrations: Migrations = {
  '001-fact': {
    async up(database: Kysely<never>) {
      await sql`create table fact (id integer primary key) strict`.execute(database)
    },
  },
  '002-identity': {
    async up(database: Kysely<never>) {
      await sql`create table identity (id integer primary key, chain_id integer not null) strict`.execute(
        database,
      )
    },
  },
}
const commands: BackupCommands = {
  kind: { program: 'tested', migrations: Object.keys(migrations) },
  prefix: 'TESTED',
  dataFile: text({ group: 'Files', describe: 'the file' }),
  rpcUrl: httpUrl({ group: 'Chain', describe: 'the node' }),
  alsoInFile: {},
  describe: sqlite => `${(sqlite.prepare('select count(*) as n from fact').get() as { n: number }).n} facts`,
  afterRestore: 'look',
}
let folder: string
let path: string
let backup: string
let opened: Kysely<Schema> | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backup-'))
  path = join(folder, 'data.sqlite')
  backup = join(folder, 'copy.sqlite')
})
afterEach(async () => {
  vi.restoreAllMocks()
  await close()
  rmSync(folder, { recursive: true })
})

async function open(at = path): Promise<Kysely<Schema>> {
  opened = await openDatabase<Schema>({ path: at, migrations })
  return opened
}

async function close(): Promise<void> {
  await opened?.destroy()
  opened = undefined
}

async function note(...ids: number[]): Promise<void> {
  await opened
    ?.insertInto('fact')
    .values(ids.map(id => ({ id })))
    .execute()
}

function facts(of: string): number[] {
  const sqlite = new SqliteDatabase(of, { readonly: true })
  try {
    return sqlite
      .prepare('select id from fact order by id')
      .all()
      .map(row => (row as { id: number }).id)
  } finally {
    sqlite.close()
  }
}

async function run(...args: string[]): Promise<{ code: number; said: string }> {
  let said = ''
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation(chunk => {
      said += String(chunk)
      return true
    })
  }
  let code = -1
  const program = new Command().exitOverride()
  for (const add of [backupCommand, restoreCommand]) add(commands)(program, {}, given => (code = given))
  await program.parseAsync([...args, '--data-file', path], { from: 'user' })
  vi.restoreAllMocks()
  return { code, said }
}

describe('backup', () => {
  it('holds what stands in the write-ahead log, of a file that is in use, and for its owner alone', async () => {
    await open()
    await note(1, 2)
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0)
    expect(await run('backup', backup)).toMatchObject({ code: 0, said: expect.stringContaining('2 facts') })
    expect(facts(backup)).toEqual([1, 2])
    expect(statSync(backup).mode & 0o777).toBe(0o600)
    expect(existsSync(`${backup}-wal`)).toBe(false)
  })

  it('is whole while another process writes without a pause', async () => {
    await open()
    await close()
    const module = new URL('../../dist/database/openDatabase.js', import.meta.url).href
    // Two rows at a time: half a transaction would be an odd number.
    const script = `import(${JSON.stringify(module)}).then(async ({ openDatabase }) => {
      const database = await openDatabase({ path: ${JSON.stringify(path)}, migrations: {} })
      for (let id = 1; ; id += 2) {
        await database.transaction().execute(async writing => {
          await writing.insertInto('fact').values({ id }).execute()
          await writing.insertInto('fact').values({ id: id + 1 }).execute()
        })
        if (id === 1) console.log('writing')
        await new Promise(setImmediate)
      } })`
    const writer = spawn(
      process.execPath,
      [
        '-e',
        script.replace(
          'migrations: {}',
          "migrations: { '001-fact': { up() {} }, '002-identity': { up() {} } }",
        ),
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const gone = new Promise(resolve => writer.once('close', resolve))
    try {
      await new Promise(resolve => writer.stdout.once('data', resolve))
      for (const name of ['one', 'two', 'three']) {
        expect((await run('backup', join(folder, name))).code).toBe(0)
        const found = facts(join(folder, name))
        expect(found.length % 2).toBe(0)
        expect(found).toEqual(Array.from({ length: found.length }, (_, at) => at + 1))
      }
    } finally {
      writer.kill('SIGKILL')
      await gone
    }
  })

  it('writes over nothing unless it is told to, and names itself by the time in a folder', async () => {
    await open()
    await note(1)
    writeFileSync(backup, 'precious')
    expect(await run('backup', backup)).toMatchObject({
      code: 1,
      said: expect.stringContaining('--overwrite'),
    })
    expect(readFileSync(backup, 'utf8')).toBe('precious')
    expect((await run('backup', backup, '--overwrite')).code).toBe(0)
    expect(facts(backup)).toEqual([1])
    mkdirSync(join(folder, 'backups'))
    expect((await run('backup', join(folder, 'backups'))).code).toBe(0)
    expect(readdirSync(join(folder, 'backups'))).toEqual([
      expect.stringMatching(/^tested-\d{4}-.*Z\.sqlite$/),
    ])
  })

  it('leaves nothing behind where it fails', async () => {
    await open()
    expect((await run('backup', join(folder, 'nowhere', 'copy'))).code).toBe(1)
    expect(await run('backup')).toMatchObject({ code: 64 })
    await close()
    writeFileSync(path, 'all work and no play makes a dull file'.repeat(200))
    expect(await run('backup', backup)).toMatchObject({ code: 1, said: expect.stringContaining('no SQLite') })
    expect(readdirSync(folder).filter(name => !name.startsWith('data.sqlite'))).toEqual([])
  })
})

describe('restore', () => {
  beforeEach(async () => {
    await open()
    await note(1)
    await run('backup', backup)
    await note(2)
  })

  it('is refused while a process has the file, and puts the copy in its place when that is gone', async () => {
    expect(await run('restore', backup)).toMatchObject({
      code: 69,
      said: expect.stringContaining('another process'),
    })
    expect(facts(path)).toEqual([1, 2])
    await close()
    const restored = await run('restore', backup)
    expect(restored).toMatchObject({ code: 0, said: expect.stringContaining('look') })
    expect(facts(path)).toEqual([1])
    // What was there is kept, as one file.
    const aside = /what was there lies in (\S+)/.exec(restored.said)?.[1] ?? ''
    expect(facts(aside)).toEqual([1, 2])
    await open()
    await note(3)
    expect(facts(path)).toEqual([1, 3])
  })

  it('keeps what a killed process had written and not folded in', async () => {
    await close()
    const sqlite = new SqliteDatabase(path)
    sqlite.exec('insert into fact values (7)')
    // As after a kill: the log is left.
    const log = readFileSync(`${path}-wal`)
    const data = readFileSync(path)
    sqlite.close()
    writeFileSync(path, data)
    writeFileSync(`${path}-wal`, log)
    const aside = /what was there lies in (\S+)/.exec((await run('restore', backup)).said)?.[1] ?? ''
    expect(facts(aside)).toEqual([1, 2, 7])
    expect(facts(path)).toEqual([1])
  })

  it('works where everything is gone', async () => {
    await close()
    for (const name of readdirSync(folder)) if (name.startsWith('data.sqlite')) rmSync(join(folder, name))
    expect((await run('restore', backup)).code).toBe(0)
    expect(facts(path)).toEqual([1])
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it.each<[string, () => Promise<void> | void, RegExp]>([
    ['is no database', () => writeFileSync(backup, 'x'.repeat(5_000)), /no SQLite/],
    [
      'is of another program',
      () => write("update kysely_migration set name = 'x-' || name"),
      /no data file of tested/,
    ],
    [
      'a newer version wrote',
      () => write("insert into kysely_migration values ('003-new', '')"),
      /newer tested wrote it \(003-new\)/,
    ],
    [
      'is of another chain',
      async () => {
        write('insert into identity values (1, 2)')
        await open()
        await opened?.insertInto('identity').values({ id: 1, chain_id: 1 }).execute()
        await close()
      },
      /has chain_id 2, but .* has 1/,
    ],
    [
      'is damaged',
      () => {
        const bytes = readFileSync(backup)
        bytes.fill(0xff, 4_096)
        writeFileSync(backup, bytes)
      },
      /damaged|malformed|no data file/,
    ],
  ])('refuses what %s, and changes nothing', async (_, spoil, reason) => {
    await close()
    await spoil()
    expect(await run('restore', backup)).toMatchObject({ code: 1, said: expect.stringMatching(reason) })
    expect(facts(path)).toEqual([1, 2])
    expect(readdirSync(folder).filter(name => name.includes('partial') || name.includes('replaced'))).toEqual(
      [],
    )
  })

  function write(statement: string): void {
    const sqlite = new SqliteDatabase(backup)
    sqlite.exec(statement)
    sqlite.close()
  }

  it('and a copy that somebody puts in place by hand are told of once, at the start', async () => {
    await close()
    rmSync(path)
    writeFileSync(path, readFileSync(backup))
    chmodSync(path, 0o600)
    for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
    const database = await open()
    expect(await takeBackupMark(database)).toBeGreaterThan(1_700_000_000)
    expect(await takeBackupMark(database)).toBeUndefined()
  })
})
