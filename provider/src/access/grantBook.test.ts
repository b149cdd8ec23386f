import { type Kysely, openDatabase } from '@worldland-aa/service/database/openDatabase'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createGrantBook, type GrantBook } from './grantBook.ts'
import { makeSecret } from './secrets.ts'
import { type AccessTables, accessMigrations } from './tables.ts'

const alice = '0x00000000000000000000000000000000000000aa'
const bob = '0x00000000000000000000000000000000000000bb'

let database: Kysely<AccessTables>
let book: GrantBook

async function restarted(): Promise<GrantBook> {
  const next = createGrantBook(database)
  await next.start()
  return next
}

beforeEach(async () => {
  database = await openDatabase<AccessTables>({ path: ':memory:', migrations: accessMigrations })
  book = await restarted()
})
afterEach(async () => {
  await database.destroy()
})

describe('what lets people into machines', () => {
  it('is kept as hashes, and known again after a restart', async () => {
    const [password, token] = [makeSecret(), makeSecret()]
    await book.add({ leaseId: 12n, user: alice, password, token, sshKey: 'ssh-ed25519 AAAA' })
    const rows = JSON.stringify(await database.selectFrom('access_grant').selectAll().execute())
    expect(rows).not.toContain(password)
    expect(rows).not.toContain(token)
    const next = await restarted()
    expect(next.byPassword(12n, password)?.user).toBe(alice)
    expect(next.byToken(12n, token)?.user).toBe(alice)
    expect(next.bySshKey(12n, 'ssh-ed25519 AAAA')?.user).toBe(alice)
  })

  it('is for so many people of one lease, and for whoever has it already', async () => {
    const person = (at: number) => `0x${(at + 1).toString(16).padStart(40, '0')}` as const
    for (let at = 0; at < 256; at++) await book.add({ leaseId: 12n, user: person(at), token: makeSecret() })
    expect([book.hasRoomFor(12n, person(0)), book.hasRoomFor(12n, person(256))]).toEqual([true, false])
    expect(book.hasRoomFor(13n, person(256))).toBe(true)
    await book.forgetUser(12n, person(3))
    expect(book.hasRoomFor(12n, person(256))).toBe(true)
  })

  it('opens its own lease alone, and a token is no password', async () => {
    const [password, token] = [makeSecret(), makeSecret()]
    await book.add({ leaseId: 12n, user: alice, password, token })
    expect(book.byPassword(13n, password)).toBeUndefined()
    expect(book.byToken(13n, token)).toBeUndefined()
    expect(book.byPassword(12n, token)).toBeUndefined()
    expect(book.byToken(12n, password)).toBeUndefined()
    expect(book.byToken(12n, 'x'.repeat(100_000))).toBeUndefined()
  })

  it('is used up by the first of several that come with a password at once, for good', async () => {
    const password = makeSecret()
    await book.add({ leaseId: 12n, user: alice, password })
    const grant = book.byPassword(12n, password)
    if (grant === undefined) throw new Error('The password is not known')
    const used = await Promise.all([1, 2, 3].map(() => book.usePassword(grant)))
    expect(used).toEqual([true, false, false])
    expect((await restarted()).byPassword(12n, password)).toBeUndefined()
  })

  it('goes with the oldest of too many devices of one user, and leaves those of others', async () => {
    const tokens = Array.from({ length: 10 }, makeSecret)
    const bobs = makeSecret()
    await book.add({ leaseId: 12n, user: bob, token: bobs })
    for (const token of tokens) await book.add({ leaseId: 12n, user: alice, token })
    for (const one of [book, await restarted()]) {
      expect(tokens.map(token => one.byToken(12n, token) !== undefined)).toEqual([
        ...[false, false],
        ...Array.from({ length: 8 }, () => true),
      ])
      expect(one.byToken(12n, bobs)?.user).toBe(bob)
    }
  })

  it('is forgotten with its user or its lease', async () => {
    const [hers, his] = [makeSecret(), makeSecret()]
    await book.add({ leaseId: 12n, user: alice, token: hers })
    await book.add({ leaseId: 12n, user: bob, token: his })
    await book.forgetUser(12n, alice)
    expect(book.users()).toEqual([{ leaseId: 12n, user: bob }])
    await book.forgetLease(12n)
    expect((await restarted()).users()).toEqual([])
  })
})
