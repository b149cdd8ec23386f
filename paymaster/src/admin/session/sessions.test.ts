import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import { afterEach, describe, expect, it } from 'vitest'
import { createLiveUpdates } from '../liveUpdates.ts'
import { createChallenges } from '../signIn/challenges.ts'
import { createSignInLinks } from '../signIn/links.ts'
import { type AdminTables, adminMigrations } from '../tables.ts'
import { tokenOf } from '../testing/startHouse.ts'
import { createUsers } from '../users/users.ts'
import { createSessions } from './sessions.ts'

const closing: (() => Promise<void>)[] = []
const hour = 3_600

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function open() {
  const database = await openDatabase<AdminTables>({ path: ':memory:', migrations: adminMigrations })
  closing.push(() => database.destroy())
  let seconds = 1_000_000
  const now = (): number => seconds
  const sessions = createSessions({ database, live: createLiveUpdates(), now })
  const links = createSignInLinks({ database, origin: () => 'http://localhost:4338', now })
  const users = createUsers(database)
  async function newUser(role: 'admin' | 'viewer' = 'viewer'): Promise<string> {
    const { url } = await links.make({ name: 'Mina', role, createdBy: 'test', goodForSeconds: hour })
    return (await links.redeem(tokenOf(url)))?.userId ?? ''
  }
  const enter = async (userId: string): Promise<string> =>
    await sessions.open({
      userId,
      signedInBy: 'link',
      caller: '127.0.0.1',
      userAgent: '',
      replaces: undefined,
    })
  return {
    database,
    sessions,
    links,
    users,
    newUser,
    enter,
    now,
    pass: (more: number) => {
      seconds += more
    },
  }
}

describe('a session', () => {
  it('ends when nothing is asked for half a day, and lives on while something is', async () => {
    const { sessions, newUser, enter, pass } = await open()
    const token = await enter(await newUser())
    for (let count = 0; count < 3; count++) {
      pass(11 * hour)
      expect(await sessions.find(token)).toBeDefined()
    }
    pass(12 * hour)
    expect(await sessions.find(token)).toBeUndefined()
  })

  it('ends after a week, however much is asked', async () => {
    const { sessions, newUser, enter, pass } = await open()
    const token = await enter(await newUser())
    for (let count = 0; count < 7 * 24 - 1; count++) {
      pass(hour)
      expect(await sessions.find(token)).toBeDefined()
    }
    pass(hour)
    expect(await sessions.find(token)).toBeUndefined()
  })

  it('ends at once when its user gets another role, or goes', async () => {
    const { sessions, users, newUser, enter } = await open()
    await newUser('admin')
    const id = await newUser('admin')
    const first = await enter(id)
    await users.change(id, { name: 'Joon' })
    expect((await sessions.find(first))?.actor.name).toBe('Joon')
    await users.change(id, { role: 'viewer' })
    expect(await sessions.find(first)).toBeUndefined()
    const second = await enter(id)
    await users.remove(id)
    expect(await sessions.find(second)).toBeUndefined()
  })

  it('is in the file by its hash alone', async () => {
    const { database, newUser, enter } = await open()
    const token = await enter(await newUser())
    const rows = await database.selectFrom('console_session').selectAll().execute()
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  it('is one of at most twenty of its user: the one used longest ago goes', async () => {
    const { sessions, newUser, enter, pass } = await open()
    const id = await newUser()
    const tokens: string[] = []
    for (let count = 0; count < 21; count++) {
      tokens.push(await enter(id))
      pass(1)
    }
    expect(await sessions.find(tokens[0] ?? '')).toBeUndefined()
    expect(await sessions.ofUser(id)).toHaveLength(20)
  })
})

describe('the last admin', () => {
  it('can neither be removed nor made less, and can once there is another', async () => {
    const { users, newUser } = await open()
    const id = await newUser('admin')
    expect(await users.remove(id)).toMatchObject({ ok: false, status: 409 })
    expect(await users.change(id, { role: 'operator' })).toMatchObject({ ok: false, status: 409 })
    await newUser('admin')
    expect(await users.change(id, { role: 'operator' })).toMatchObject({ ok: true })
  })
})

describe('a link', () => {
  it('is good for its time, and no longer', async () => {
    const { links, pass } = await open()
    const make = () => links.make({ name: 'Mina', role: 'viewer', createdBy: 'test', goodForSeconds: hour })
    const [first, second] = [await make(), await make()]
    pass(hour - 1)
    expect(await links.redeem(tokenOf(first.url))).toMatchObject({ isNew: true })
    pass(1)
    expect(await links.redeem(tokenOf(second.url))).toBeUndefined()
  })

  it('of a user is good no more when there is a newer one', async () => {
    const { links, newUser } = await open()
    const userId = await newUser()
    const again = { userId, name: 'Mina', role: 'viewer', createdBy: 'test', goodForSeconds: hour } as const
    const [older, newer] = [await links.make(again), await links.make(again)]
    expect(await links.redeem(tokenOf(older.url))).toBeUndefined()
    expect(await links.redeem(tokenOf(newer.url))).toEqual({ userId, isNew: false })
  })
})

describe('a challenge', () => {
  it('is good once, for its purpose, for five minutes', async () => {
    const { now, pass } = await open()
    const challenges = createChallenges(now)
    const [used, other, old] = [challenges.issue('a'), challenges.issue('a'), challenges.issue('a')]
    expect(challenges.take(used, 'a')).toBe(true)
    expect(challenges.take(used, 'a')).toBe(false)
    expect(challenges.take(other, 'b')).toBe(false)
    expect(challenges.take(other, 'a')).toBe(false)
    pass(300)
    expect(challenges.take(old, 'a')).toBe(false)
  })
})
