import { type Kysely, openDatabase } from '@worldland-aa/service/database/openDatabase'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type NewApiKey, newApiKeySchema } from '../admin/apiKeys/schema.ts'
import { testLogger } from '../testing/startPaymaster.ts'
import { type ApiKeys, createApiKeys } from './apiKeys.ts'
import { type ApiKeyTables, apiKeyMigrations } from './tables.ts'

let database: Kysely<ApiKeyTables>
let keys: ApiKeys
let seconds = 1_800_000_000
const clock = { now: () => seconds * 1000 }

async function start(): Promise<void> {
  keys = createApiKeys({ database, isRequired: false, callsPerSecond: 0, clock, logger: testLogger })
  await keys.part.start()
}

beforeEach(async () => {
  seconds = 1_800_000_000
  database = await openDatabase<ApiKeyTables>({ path: ':memory:', migrations: apiKeyMigrations })
  await start()
})
afterEach(async () => {
  await keys.part.stop()
  await database.destroy()
})

async function make(wanted: Partial<Record<keyof NewApiKey, unknown>> = {}) {
  const made = await keys.book.create(newApiKeySchema.parse({ name: 'Site', use: 'rpc', ...wanted }), 'Ann')
  if (made === undefined) throw new Error('no key was made')
  return made
}

const brought = (key: string, origin?: string, address = '203.0.113.7') =>
  keys.identify({ key, ...(origin && { origin }) }, address)

describe('an API key', () => {
  it('is shown at its making, and only its hash is kept', async () => {
    const { apiKey, key } = await make()
    expect(key).toMatch(/^wlp_[a-z2-7]{12}_[A-Za-z0-9_-]{43}$/)
    expect(apiKey).toMatchObject({ name: 'Site', state: 'active', createdBy: 'Ann', callsToday: 0 })
    const rows = JSON.stringify(await database.selectFrom('api_key').selectAll().execute())
    const secret = key.slice('wlp_'.length + 13)
    expect(rows).not.toContain(secret)
    expect(rows).not.toContain(Buffer.from(secret, 'base64url').toString('hex'))
    expect(JSON.stringify(keys.book.list())).not.toContain('secret')
  })

  it('names its holder, whatever the address; without one the address is the caller', async () => {
    const { apiKey, key } = await make()
    const caller = `key:${apiKey.id}`
    expect(brought(key)).toMatchObject({ ok: true, value: { caller, apiKeyId: apiKey.id } })
    expect(keys.identify({}, '203.0.113.7')).toEqual({ ok: true, value: { caller: '203.0.113.7' } })
  })

  it.each([
    ['of another secret', (key: string) => `${key.slice(0, -3)}AAA`],
    ['of an id that there is not', (key: string) => key.replace(/^wlp_.{12}/, 'wlp_aaaaaaaaaaaa')],
    ['cut short', (key: string) => key.slice(0, -1)],
    ['that is something else', () => 'pim_123'],
  ])('%s is refused', async (_, spoil) => {
    const { key } = await make()
    expect(brought(spoil(key))).toMatchObject({
      ok: false,
      refusal: { code: -32091, data: { reason: 'apiKey.unknown' } },
    })
  })

  it('is refused at the next request once it is revoked, and after a restart', async () => {
    const { apiKey, key } = await make()
    const revoking = keys.book.revoke(apiKey.id)
    const refused = { ok: false, refusal: { data: { reason: 'apiKey.revoked' } } }
    expect(brought(key)).toMatchObject(refused)
    await revoking
    await start()
    expect(brought(key)).toMatchObject(refused)
    expect(await keys.book.change(apiKey.id, { ...apiKey, name: 'Again' })).toBeUndefined()
  })

  it('ends when it expires', async () => {
    const { key } = await make({ expiresAtSeconds: seconds + 10 })
    expect(brought(key).ok).toBe(true)
    seconds += 10
    expect(brought(key)).toMatchObject({ ok: false, refusal: { data: { reason: 'apiKey.expired' } } })
  })

  it('serves the pages and networks that it names, and no others', async () => {
    const { key } = await make({
      limits: { origins: ['https://app.example'], networks: ['203.0.113.0/24', '2001:db8::/48'] },
    })
    const page = 'https://app.example'
    expect(brought(key, page).ok).toBe(true)
    expect(brought(key, page, '2001:db8:0:7::').ok).toBe(true)
    const reason = (...by: [string?, string?]) => brought(key, ...by)
    for (const [origin, words] of [
      [undefined, /names none/],
      ['https://app.example.evil', /app.example.evil/],
      ['http://app.example', /http:\/\/app.example/],
    ] as const) {
      expect(reason(origin)).toMatchObject({
        refusal: { code: -32093, message: expect.stringMatching(words) },
      })
    }
    for (const address of ['203.0.114.1', '2001:db9::']) {
      expect(reason(page, address)).toMatchObject({ refusal: { data: { reason: 'apiKey.network' } } })
    }
  })

  it('has calls a second and a day of its own, which a restart does not give back', async () => {
    const { key, apiKey } = await make({ limits: { callsPerSecond: 2, callsPerDay: 5 } })
    const admit = (calls: number) => {
      const identity = brought(key)
      return identity.ok ? identity.value.admit?.(calls)?.message : 'refused'
    }
    expect(admit(4)).toBeUndefined()
    expect(admit(1)).toMatch(/Too many calls with this API key/)
    seconds += 2
    expect(admit(1)).toBeUndefined()
    expect(admit(1)).toMatch(/5 calls of today are used up/)
    await keys.part.stop()
    await start()
    expect(keys.book.find(apiKey.id)).toMatchObject({ callsToday: 5, lastUsedAtSeconds: seconds })
    expect(admit(1)).toMatch(/used up/)
    seconds += 86_400
    expect(admit(1)).toBeUndefined()
  })

  it('takes limits that are changed from the next request on', async () => {
    const { key, apiKey } = await make()
    const limits = { ...apiKey.limits, networks: ['198.51.100.1'] }
    await keys.book.change(apiKey.id, { name: 'Site', limits, expiresAtSeconds: null })
    expect(brought(key)).toMatchObject({ ok: false, refusal: { data: { reason: 'apiKey.network' } } })
    expect(brought(key, undefined, '198.51.100.1').ok).toBe(true)
  })

  it('of use admin is an actor of its role at the admin API, and nobody at JSON-RPC', async () => {
    const { key, apiKey } = await make({ name: 'CI', use: 'admin', role: 'operator' })
    const at = { address: '203.0.113.7' }
    expect(keys.authenticateKey(key, at)).toEqual({ id: `key:${apiKey.id}`, name: 'CI', role: 'operator' })
    expect(brought(key)).toMatchObject({ refusal: { code: -32093, data: { reason: 'apiKey.use' } } })
    const { key: callers } = await make()
    expect(keys.authenticateKey(callers, at)).toBeUndefined()
    await keys.book.revoke(apiKey.id)
    expect(keys.authenticateKey(key, at)).toBeUndefined()
  })
})

describe('what a key may be made with', () => {
  it.each([
    [{ use: 'admin' }, 'role'],
    [{ use: 'rpc', role: 'viewer' }, 'role'],
    [{ use: 'admin', role: 'viewer', limits: { methods: ['eth_chainId'] } }, 'limits'],
    [{ use: 'rpc', limits: { origins: [] } }, 'limits.origins'],
    [{ use: 'rpc', limits: { origins: ['https://app.example/path'] } }, 'limits.origins.0'],
    [{ use: 'rpc', limits: { networks: ['10.0.0.0/33'] } }, 'limits.networks.0'],
    [{ use: 'rpc', limits: { networks: ['2001:db8::/96'] } }, 'limits.networks.0'],
    [{ use: 'rpc', limits: { methods: ['drop table'] } }, 'limits.methods.0'],
    [{ use: 'rpc', limits: { callsPerDay: 0 } }, 'limits.callsPerDay'],
    [{ use: 'root' }, 'use'],
    [{ use: 'rpc', name: ' ' }, 'name'],
  ])('%j is refused at %s', (wanted, field) => {
    const parsed = newApiKeySchema.safeParse({ name: 'Site', ...wanted })
    expect(parsed.error?.issues[0]?.path.join('.')).toBe(field)
  })
})
