// Keys, webhooks and alerts through the running service: made by the admin API, used from outside.

import { type Receiver, startReceiver } from '@worldland-aa/service/testing/webhookReceiver'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { landOperation } from '../../testing/landOperation.ts'
import { fees, gas, newAccount, transferCall, viemClient, welcomePolicy } from '../../testing/renter.ts'
import { type Chain, startChain } from '../../testing/startChain.ts'
import type { Alert, AlertList, AlertThresholdList } from '../alerts/schema.ts'
import type { ApiKeyList, CreatedApiKey } from '../apiKeys/schema.ts'
import { type House, startHouse } from '../testing/startHouse.ts'
import type { CreatedWebhook, Delivery, DeliveryDetail, DeliveryList, WebhookList } from './schema.ts'

let chain: Chain
let house: House
let receiver: Receiver

beforeAll(async () => {
  chain = await startChain()
  receiver = await startReceiver()
  house = await startHouse(
    chain,
    { webhookPrivateNetworks: true, finalityBlocks: 2 },
    { policies: [welcomePolicy(chain)] },
  )
})
afterAll(async () => {
  await house?.stop()
  receiver?.stop()
  await chain?.stop()
})

const rpcKey = { name: 'Site', use: 'rpc' }

async function callWith(key: string): Promise<number> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] })
  return (await fetch(`${house.url}/?apikey=${key}`, { method: 'POST', body })).status
}

describe('API keys in the admin API', () => {
  it('are made, shown once, bounded, and refused at the next request once revoked', async () => {
    const admin = await house.signIn('admin')
    const made = await admin.ask<CreatedApiKey>('POST', '/api-keys', rpcKey)
    expect(made.status).toBe(201)
    const { key, apiKey } = made.body
    expect(await callWith(key)).toBe(200)
    const listed = await admin.ask<ApiKeyList>('GET', '/api-keys')
    expect(listed.body.items).toMatchObject([{ id: apiKey.id, name: 'Site', callsToday: 1 }])
    expect(JSON.stringify(listed.body)).not.toContain(key.slice(17))
    const limits = { ...apiKey.limits, networks: ['203.0.113.0/24'] }
    const changed = { name: 'Site', limits, expiresAtSeconds: null }
    expect((await admin.ask('PUT', `/api-keys/${apiKey.id}`, changed)).status).toBe(200)
    expect(await callWith(key)).toBe(403)
    expect((await admin.ask('POST', `/api-keys/${apiKey.id}/revoke`)).body).toMatchObject({
      state: 'revoked',
    })
    expect(await callWith(key)).toBe(401)
    expect((await admin.ask('PUT', `/api-keys/${apiKey.id}`, changed)).status).toBe(404)
  })

  it('are for admins to make, and a malformed one is refused at its field', async () => {
    const operator = await house.signIn('operator')
    expect(await operator.ask('POST', '/api-keys', rpcKey)).toMatchObject({
      status: 403,
      body: { error: { code: 'roleTooLow' } },
    })
    const admin = await house.signIn('admin')
    for (const [wrong, field] of [
      [{ ...rpcKey, limits: { networks: ['everywhere'] } }, 'limits.networks.0'],
      [{ ...rpcKey, expiresAtSeconds: 1 }, 'expiresAtSeconds'],
      [{ ...rpcKey, role: 'admin' }, 'role'],
    ] as const) {
      expect(await admin.ask('POST', '/api-keys', wrong)).toMatchObject({
        status: 400,
        body: { error: { field } },
      })
    }
  })

  it('of use admin open the admin API for scripts, as far as their role goes', async () => {
    const admin = await house.signIn('admin')
    const { body } = await admin.ask<CreatedApiKey>('POST', '/api-keys', {
      name: 'Nightly',
      use: 'admin',
      role: 'viewer',
    })
    const by = (method: string, path: string, more: object = {}) =>
      fetch(`${house.url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${body.key}`, 'content-type': 'application/json' },
        ...more,
      })
    expect((await by('GET', '/webhooks')).status).toBe(200)
    const event = { name: 'x', url: receiver.url, events: ['alert.opened'] }
    expect((await by('POST', '/webhooks', { body: JSON.stringify(event) })).status).toBe(403)
    expect(await callWith(body.key)).toBe(403)
    await admin.ask('POST', `/api-keys/${body.apiKey.id}/revoke`)
    expect((await by('GET', '/webhooks')).status).toBe(401)
  })
})

describe('webhooks in the admin API', () => {
  it('tell of a sponsorship when it is signed for and when its cost is final', async () => {
    const operator = await house.signIn('operator')
    const { status, body } = await operator.ask<CreatedWebhook>('POST', '/webhooks', {
      name: 'Books',
      url: receiver.url,
      events: ['sponsorship.requested', 'sponsorship.finalized'],
    })
    expect(status).toBe(201)
    const account = await newAccount(chain)
    const client = viemClient(chain, house.url, account, 'client')
    const operation = await client.prepareUserOperation({ calls: [transferCall(chain)], ...gas, ...fees })
    const { costWei } = await landOperation(chain, account, operation)
    const messages = () =>
      receiver.received.map(
        one => new Webhook(body.secret).verify(one.body, one.headers) as { type: string; data: object },
      )
    await expect.poll(() => messages().map(({ type }) => type)).toContain('sponsorship.requested')
    await chain.anvil.client.mine({ blocks: 3 })
    await expect.poll(() => messages().map(({ type }) => type)).toContain('sponsorship.finalized')
    const of = (type: string) => messages().find(message => message.type === type)?.data
    const common = {
      sender: account.address.toLowerCase(),
      mode: 'sponsor',
      policyId: 'welcome',
      chainId: 103,
    }
    expect(of('sponsorship.requested')).toMatchObject({
      ...common,
      maxCostWei: expect.stringMatching(/^\d+$/),
    })
    expect(of('sponsorship.finalized')).toMatchObject({
      ...common,
      actualCostWei: String(costWei),
      succeeded: true,
    })
    expect(JSON.stringify((await operator.ask('GET', '/webhooks')).body)).not.toContain('whsec_')
  })

  it('are tried by a test message, looked into, sent again, and rotated', async () => {
    const operator = await house.signIn('operator')
    const list = await operator.ask<WebhookList>('GET', '/webhooks')
    const id = list.body.items[0]?.id ?? ''
    receiver.answerWith(500, 'out of order')
    const sent = await operator.ask<Delivery>('POST', `/webhooks/${id}/test`)
    expect(sent.body).toMatchObject({ event: 'test', state: 'waiting' })
    const detail = async () => (await operator.ask<DeliveryDetail>('GET', `/deliveries/${sent.body.id}`)).body
    await expect.poll(detail).toMatchObject({
      attempts: 1,
      lastStatus: 500,
      body: expect.stringContaining('to see whether it arrives'),
      attemptLog: [{ status: 500, answer: 'out of order' }],
    })
    receiver.answerWith(200)
    expect((await operator.ask('POST', `/deliveries/${sent.body.id}/retry`)).status).toBe(200)
    await expect.poll(detail).toMatchObject({ state: 'delivered', attempts: 2 })
    const rotated = await operator.ask<CreatedWebhook>('POST', `/webhooks/${id}/rotate-secret`, {})
    expect(rotated.body).toMatchObject({
      secret: expect.stringMatching(/^whsec_/),
      webhook: { secretGeneration: 2, previousSecretUntilSeconds: expect.any(Number) },
    })
    const page = await operator.ask<DeliveryList>('GET', '/deliveries?limit=1')
    expect(page.body).toMatchObject({ items: [{ event: 'test' }], nextCursor: sent.body.id })
    const next = await operator.ask<DeliveryList>('GET', `/deliveries?limit=1&cursor=${page.body.nextCursor}`)
    expect(next.body.items[0]?.event).toBe('sponsorship.finalized')
  })

  it('lead to no metadata of clouds, though networks of its own are allowed here', async () => {
    const operator = await house.signIn('operator')
    const refused = await operator.ask('POST', '/webhooks', {
      name: 'x',
      url: 'http://169.254.169.254/latest/meta-data/',
      events: ['alert.opened'],
    })
    expect(refused).toMatchObject({ status: 400, body: { error: { field: 'url' } } })
  })

  it('are changed by operators only, and viewers see no path of a URL', async () => {
    const viewer = await house.signIn('viewer')
    const { body } = await viewer.ask<WebhookList>('GET', '/webhooks')
    expect(body.items[0]?.url).toBe(`${new URL(receiver.url).origin}/…`)
    for (const [method, path] of [
      ['DELETE', `/webhooks/${body.items[0]?.id}`],
      ['POST', `/webhooks/${body.items[0]?.id}/rotate-secret`],
      ['POST', `/webhooks/${body.items[0]?.id}/test`],
      ['POST', '/deliveries/1/retry'],
      ['PUT', '/alert-thresholds/depositLow'],
    ] as const) {
      expect((await viewer.ask(method, path, {})).status).toBe(403)
    }
  })
})

describe('alerts in the admin API', () => {
  const rich = String(10n ** 24n)

  it('open when a threshold is passed, are told by webhook and on the first page, and close again', async () => {
    const operator = await house.signIn('operator')
    await operator.ask('POST', '/webhooks', {
      name: 'Chat',
      url: receiver.url,
      format: 'slack',
      events: ['alert.opened', 'alert.closed'],
    })
    const thresholds = await operator.ask<AlertThresholdList>('GET', '/alert-thresholds')
    expect(thresholds.body.items).toHaveLength(9)
    const set = (openAt: string, closeAt: string) =>
      operator.ask('PUT', '/alert-thresholds/depositLow', { isEnabled: true, openAt, closeAt })
    expect(await set('2', '1')).toMatchObject({ status: 400, body: { error: { field: 'closeAt' } } })
    expect((await set(rich, rich)).status).toBe(200)
    const open = async () => (await operator.ask<AlertList>('GET', '/alerts?state=open')).body.items
    const [alert] = (await open()) as [Alert]
    expect(alert).toMatchObject({ kind: 'depositLow', severity: 'critical', acknowledgedBy: null })
    const overview = async () => (await operator.ask('GET', '/overview?range=24h')).body
    await expect.poll(overview).toMatchObject({ openAlerts: [{ title: alert.title }] })
    const seen = await operator.ask('POST', `/alerts/${alert.id}/acknowledge`)
    expect(seen.body).toMatchObject({ acknowledgedAtSeconds: expect.any(Number) })
    expect((await set('1', '2')).status).toBe(200)
    expect(await open()).toEqual([])
    const closed = await operator.ask<AlertList>('GET', '/alerts?state=closed')
    expect(closed.body.items).toMatchObject([{ id: alert.id, closedAtSeconds: expect.any(Number) }])
    const told = () => receiver.received.map(({ body }) => (JSON.parse(body) as { text?: string }).text ?? '')
    await expect
      .poll(told)
      .toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^The gas deposit is low: .* are free\nOf .* Top it up/),
          expect.stringMatching(/^Over: The gas deposit is low/),
        ]),
      )
  })
})
