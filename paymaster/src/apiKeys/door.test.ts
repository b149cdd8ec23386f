import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import { http } from 'viem'
import { createPaymasterClient, entryPoint07Address } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newApiKeySchema } from '../admin/apiKeys/schema.ts'
import { type LedgerSchema, ledgerMigrations } from '../ledger/schema.ts'
import { newAccount, transferCall, welcomePolicy } from '../testing/renter.ts'
import { type Chain, startChain } from '../testing/startChain.ts'
import { type PaymasterUnderTest, paymasterConfig, startPaymaster } from '../testing/startPaymaster.ts'
import { createApiKeyBook } from './apiKeyBook.ts'

let chain: Chain
let service: PaymasterUnderTest
let operation: Record<string, unknown>
/** By what each is limited to. */
const keys: Record<string, string> = {}

beforeAll(async () => {
  chain = await startChain()
  const { dataFile } = paymasterConfig(chain)
  // As the admin API makes them, before the service runs: two have the file open at no time.
  const database = await openDatabase<LedgerSchema>({ path: dataFile, migrations: ledgerMigrations })
  const book = createApiKeyBook({
    database,
    now: () => Math.floor(Date.now() / 1000),
    onWriteFailed: error => {
      throw error
    },
  })
  for (const [name, limits] of Object.entries({
    any: {},
    chainOnly: { methods: ['eth_chainId'] },
    pages: { origins: ['https://app.example'] },
    seldom: { callsPerDay: 1 },
    welcomes: { policyIds: ['welcome'] },
    others: { policyIds: ['other', 'another'] },
  })) {
    const made = await book.create(newApiKeySchema.parse({ name, use: 'rpc', limits }), 'Ann')
    keys[name] = made?.key ?? ''
  }
  await database.destroy()
  service = await startPaymaster(chain, {
    policies: {
      policies: [
        { ...welcomePolicy(chain), default: false },
        { ...welcomePolicy(chain), id: 'usual' },
      ],
    },
    settings: { dataFile, requireApiKey: true },
  })
  const account = await newAccount(chain, 0n)
  operation = {
    sender: account.address,
    nonce: '0x0',
    callData: await account.encodeCalls([transferCall(chain)]),
  }
})
afterAll(async () => {
  await service?.stop()
  await chain?.stop()
})

type Answer = { result?: Record<string, never>; error?: { code: number; message: string; data: unknown } }

async function stub(
  way: { path?: string; headers?: Record<string, string> },
  { method = 'pm_getPaymasterStubData', context = null as unknown } = {},
): Promise<{ status: number; answer: Answer; header: string | null }> {
  const params = method === 'eth_chainId' ? [] : [operation, chain.entryPoint, '0x67', context]
  const response = await fetch(`${service.url}${way.path ?? ''}`, {
    method: 'POST',
    headers: way.headers ?? {},
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  return {
    status: response.status,
    answer: (await response.json()) as Answer,
    header: response.headers.get('access-control-allow-origin'),
  }
}

const by = (name: string, more: Record<string, string> = {}) => ({
  headers: { 'x-api-key': keys[name] ?? '', ...more },
})
const sponsored = { context: { sponsorshipPolicyId: 'usual' } }

describe('a paymaster that wants an API key', () => {
  it('takes it from the URL, from a bearer token and from a header of its own', async () => {
    for (const way of [
      { path: `/?apikey=${keys.any}` },
      { path: `/rpc?apikey=${keys.any}` },
      { headers: { authorization: `Bearer ${keys.any}` } },
      by('any'),
    ]) {
      expect(await stub(way, sponsored)).toMatchObject({ status: 200, answer: { result: {} } })
    }
  })

  it('refuses without one, and says how to give it; what anybody may ask, it answers', async () => {
    expect(await stub({})).toMatchObject({
      status: 401,
      answer: { error: { code: -32091, message: expect.stringContaining('?apikey=wlp_'), data: {} } },
      header: '*',
    })
    expect(await stub({}, { method: 'eth_chainId' })).toMatchObject({ status: 200 })
  })

  it('says 401, 403 and 429, each with a sentence', async () => {
    const wrong = await stub({ path: '/?apikey=wlp_nothing' })
    expect(wrong).toMatchObject({ status: 401, answer: { error: { data: { reason: 'apiKey.unknown' } } } })
    const method = await stub(by('chainOnly'))
    expect(method).toMatchObject({
      status: 403,
      answer: { error: { code: -32093, message: expect.stringContaining('it may call eth_chainId') } },
    })
    const page = await stub(by('pages', { origin: 'https://evil.example' }))
    expect(page).toMatchObject({ status: 403, answer: { error: { data: { reason: 'apiKey.origin' } } } })
    expect(await stub(by('pages', { origin: 'https://app.example' }), sponsored)).toMatchObject({
      status: 200,
    })
    expect(await stub(by('seldom'), sponsored)).toMatchObject({ status: 200 })
    expect(await stub(by('seldom'))).toMatchObject({
      status: 429,
      answer: { error: { code: -32005, message: expect.stringContaining('midnight UTC') } },
    })
  })

  it('sponsors by the policies of the key: its only one unasked, and no other', async () => {
    expect(await stub(by('welcomes'))).toMatchObject({ status: 200, answer: { result: {} } })
    for (const [name, context] of [
      ['welcomes', { sponsorshipPolicyId: 'usual' }],
      // The default is none of its own.
      ['others', null],
    ] as const) {
      expect((await stub(by(name), { context })).answer.error).toMatchObject({
        code: -32501,
        message: expect.stringContaining('not for policy "usual"'),
        data: { reason: 'policyNotOfKey' },
      })
    }
  })

  it("is used by viem's client with the key in the URL, which hears why it is refused", async () => {
    const ask = async (url: string) =>
      await createPaymasterClient({ transport: http(url, { retryCount: 0 }) }).getPaymasterStubData({
        ...operation,
        nonce: 0n,
        chainId: 103,
        entryPointAddress: entryPoint07Address,
        context: { sponsorshipPolicyId: 'usual' },
      } as never)
    expect(await ask(`${service.url}/?apikey=${keys.any}`)).toMatchObject({ paymaster: chain.paymaster })
    await expect(ask(service.url)).rejects.toThrow(/holders of an API key only/)
  })

  it('tells nobody the key', async () => {
    const { answer } = await stub({ path: `/?apikey=${keys.chainOnly}` })
    const metrics = await (await fetch(`${service.url}/metrics`)).text()
    for (const told of [JSON.stringify(answer), metrics]) expect(told).not.toContain(keys.chainOnly)
  })
})
