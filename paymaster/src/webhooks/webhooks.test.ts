import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Kysely, openDatabase } from '@worldland-aa/service/database/openDatabase'
import { type Receiver, startReceiver } from '@worldland-aa/service/testing/webhookReceiver'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type NewWebhook, newWebhookSchema } from '../admin/webhooks/schema.ts'
import { testLogger } from '../testing/startPaymaster.ts'
import { retryDelaySeconds } from './retrySchedule.ts'
import { openSigningSecrets } from './signingSecret.ts'
import { type WebhookTables, webhookMigrations } from './tables.ts'
import { createWebhooks, type Webhooks } from './webhooks.ts'

let database: Kysely<WebhookTables>
let webhooks: Webhooks
let receiver: Receiver
let folder: string
/** Ahead of the wall clock, by which Standard Webhooks tells old messages from new. */
let aheadSeconds = 0
const clock = { now: () => Date.now() + aheadSeconds * 1000 }
const now = () => Math.floor(clock.now() / 1000)

async function start(options: { allowPrivateNetworks?: boolean } = {}): Promise<void> {
  webhooks = createWebhooks({
    database,
    secretFile: join(folder, 'webhook-secret'),
    allowOpenKeyFiles: false,
    allowPrivateNetworks: options.allowPrivateNetworks ?? true,
    live: { tell: () => undefined },
    clock,
    logger: testLogger,
    pollMilliseconds: 10,
  })
  await webhooks.part.start()
}

beforeEach(async () => {
  aheadSeconds = 0
  folder = mkdtempSync(join(tmpdir(), 'webhooks-'))
  database = await openDatabase<WebhookTables>({ path: ':memory:', migrations: webhookMigrations })
  receiver = await startReceiver()
  await start()
})
afterEach(async () => {
  await webhooks.part.stop()
  await database.destroy()
  receiver.stop()
})

async function endpoint(wanted: Partial<NewWebhook> = {}) {
  const parsed = newWebhookSchema.parse({
    name: 'Books',
    url: receiver.url,
    events: ['sponsorship.finalized'],
    ...wanted,
  })
  const made = await webhooks.endpoints.create(parsed, 'Ann')
  if (made === undefined) throw new Error('no endpoint was made')
  return made
}

const put = (data: Record<string, unknown> = { userOperationHash: '0x12' }) =>
  database
    .transaction()
    .execute(transaction => webhooks.outbox.put(transaction, 'sponsorship.finalized', data))
const deliveries = () => webhooks.pages.page({ limit: 50 })

describe('a webhook', () => {
  it('is sent what was put in, signed so that Standard Webhooks verifies it', async () => {
    const { id } = await endpoint()
    await put({ userOperationHash: '0x12', policyId: 'rentals' })
    await expect.poll(() => receiver.received.length).toBe(1)
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received
    const message = new Webhook(webhooks.secrets.secretOf(id, 1)).verify(body, headers)
    expect(message).toMatchObject({
      type: 'sponsorship.finalized',
      timestamp: expect.stringMatching(/^20\d\d-.*Z$/),
      data: { userOperationHash: '0x12', policyId: 'rentals' },
    })
    expect(() => new Webhook(webhooks.secrets.secretOf(id, 2)).verify(body, headers)).toThrow()
    await expect.poll(deliveries).toMatchObject([{ state: 'delivered', attempts: 1, lastStatus: 200 }])
  })

  it('is told nothing when the transaction of what it tells is undone', async () => {
    await endpoint()
    const undone = database.transaction().execute(async transaction => {
      await webhooks.outbox.put(transaction, 'sponsorship.finalized', { userOperationHash: '0xdead' })
      throw new Error('the budget is used up')
    })
    await expect(undone).rejects.toThrow('used up')
    await put({ userOperationHash: '0x01' })
    await expect.poll(() => receiver.received.length).toBe(1)
    expect(receiver.received[0]?.body).toContain('0x01')
    expect(await database.selectFrom('webhook_message').selectAll().execute()).toHaveLength(1)
  })

  it('is told what it listens to while it is switched on, and costs nothing else a row', async () => {
    const { id } = await endpoint({ events: ['alert.opened'] })
    await put()
    expect(await deliveries()).toEqual([])
    const { name, url, format } = await endpoint()
    await webhooks.endpoints.change(id, {
      name,
      url,
      format,
      events: ['sponsorship.finalized'],
      isEnabled: false,
    })
    await put()
    await expect.poll(deliveries).toMatchObject([{ state: 'delivered' }])
  })

  it('that fails is tried again with the same id until it takes it', async () => {
    await endpoint()
    receiver.answerWith(503, 'come back later')
    await put()
    await expect
      .poll(deliveries)
      .toMatchObject([
        { state: 'waiting', attempts: 1, lastProblem: 'The endpoint answered with status 503' },
      ])
    receiver.answerWith(200)
    const [delivery] = await deliveries()
    expect(delivery?.nextAttemptAtSeconds).toBeGreaterThan(now())
    aheadSeconds += 10
    await expect.poll(deliveries).toMatchObject([{ state: 'delivered', attempts: 2, lastProblem: null }])
    const [first, second] = receiver.received
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    expect(Number(second?.headers['webhook-timestamp'])).toBeGreaterThan(
      Number(first?.headers['webhook-timestamp']),
    )
    const detail = await webhooks.pages.detail(Number(delivery?.id), 'operator')
    expect(detail).toMatchObject({
      url: receiver.url,
      body: first?.body,
      attemptLog: [{ status: 200 }, { status: 503, answer: 'come back later' }],
    })
    expect((await webhooks.pages.detail(Number(delivery?.id), 'viewer'))?.url).not.toContain('hook')
  })

  it('is given up after about a day, and sent again by hand', async () => {
    const { id } = await endpoint()
    receiver.answerWith(500)
    await put()
    let waited = 0
    for (let failed = 1; ; failed++) {
      await expect.poll(async () => (await deliveries())[0]?.attempts).toBe(failed)
      const delay = retryDelaySeconds(failed, 1)
      if (delay === undefined) break
      waited += delay
      aheadSeconds += delay
    }
    expect(waited / 3_600).toBeGreaterThan(20)
    expect(waited / 3_600).toBeLessThan(30)
    const [delivery] = await deliveries()
    expect(delivery).toMatchObject({ state: 'givenUp', nextAttemptAtSeconds: null })
    expect(await webhooks.store.givenUpSince(id, now() - 10)).toBe(1)
    receiver.answerWith(204)
    await webhooks.pages.retry(Number(delivery?.id), now())
    await expect.poll(deliveries).toMatchObject([{ state: 'delivered' }])
  })

  it('is signed by the old secret as well while a rotation lasts, and by the new one alone after it', async () => {
    const { id } = await endpoint()
    await webhooks.endpoints.rotate(id, 60)
    await put()
    await expect.poll(() => receiver.received.length).toBe(1)
    const verifies = (at: number, generation: number) => {
      const { headers = {}, body = '' } = receiver.received[at] ?? {}
      try {
        new Webhook(webhooks.secrets.secretOf(id, generation)).verify(body, headers)
        return true
      } catch {
        return false
      }
    }
    expect([verifies(0, 1), verifies(0, 2)]).toEqual([true, true])
    aheadSeconds += 61
    await put()
    await expect.poll(() => receiver.received.length).toBe(2)
    expect([verifies(1, 1), verifies(1, 2)]).toEqual([false, true])
  })

  it('that is slow or away holds up no other', async () => {
    await endpoint({ url: 'http://127.0.0.1:9/' })
    await endpoint()
    for (let count = 0; count < 40; count++) await put({ count })
    await expect.poll(() => receiver.received.length).toBe(40)
  })

  it('leads nowhere private unless the operator says so, though its name was public when it was made', async () => {
    const { id } = await endpoint()
    await webhooks.part.stop()
    await start({ allowPrivateNetworks: false })
    await put()
    await expect
      .poll(deliveries)
      .toMatchObject([
        { webhookId: id, attempts: 1, lastProblem: expect.stringMatching(/must begin with https/) },
      ])
    expect(receiver.received).toEqual([])
  })

  it('goes with all that waits for it', async () => {
    const { id } = await endpoint()
    receiver.answerWith(500)
    await put()
    await expect.poll(deliveries).toMatchObject([{ attempts: 1 }])
    expect(await webhooks.endpoints.remove(id)).toBe(true)
    for (const table of [
      'webhook_delivery',
      'webhook_message',
      'webhook_attempt',
      'webhook_endpoint',
    ] as const) {
      expect(await database.selectFrom(table).selectAll().execute()).toEqual([])
    }
  })

  it('is pruned when it was delivered days ago', async () => {
    await endpoint()
    await put()
    await expect.poll(deliveries).toMatchObject([{ state: 'delivered' }])
    await webhooks.store.prune(now() + 2 * 86_400)
    expect(await deliveries()).toHaveLength(1)
    await webhooks.store.prune(now() + 4 * 86_400)
    expect(await deliveries()).toEqual([])
    expect(await database.selectFrom('webhook_message').selectAll().execute()).toEqual([])
  })
})

describe('the chat formats', () => {
  it('are one text, in which nothing that people wrote calls anybody', async () => {
    await endpoint({ format: 'slack', events: ['alert.opened'] })
    await endpoint({ format: 'discord', events: ['alert.opened'] })
    const data = { title: 'Policy <!channel> is nearly used up', text: '80 % of the budget & more' }
    await database
      .transaction()
      .execute(transaction => webhooks.outbox.put(transaction, 'alert.opened', data))
    await expect.poll(() => receiver.received.length).toBe(2)
    const bodies = receiver.received.map(({ body }) => JSON.parse(body))
    expect(bodies).toContainEqual({
      text: 'Policy &lt;!channel&gt; is nearly used up\n80 % of the budget &amp; more',
    })
    expect(bodies).toContainEqual({
      content: 'Policy <!channel> is nearly used up\n80 % of the budget & more',
      allowed_mentions: { parse: [] },
    })
  })
})

describe('the file of secrets', () => {
  it('is made for its owner alone, and the same file gives the same secrets', () => {
    const path = join(folder, 'other')
    const { secretOf, fingerprint } = openSigningSecrets(path, { mayBeOpen: false })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(secretOf('whe_1', 1)).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(new Set([secretOf('whe_1', 1), secretOf('whe_1', 2), secretOf('whe_2', 1)]).size).toBe(3)
    const again = openSigningSecrets(path, { mayBeOpen: false })
    expect(again.secretOf('whe_1', 1)).toBe(secretOf('whe_1', 1))
    expect(readFileSync(path, 'utf8')).not.toContain(fingerprint)
  })

  it('that others may open, or that holds something else, is refused with what to do', () => {
    const path = join(folder, 'open')
    writeFileSync(path, 'a'.repeat(64), { mode: 0o644 })
    expect(() => openSigningSecrets(path, { mayBeOpen: false })).toThrow(/chmod 600/)
    writeFileSync(join(folder, 'short'), 'abc', { mode: 0o600 })
    expect(() => openSigningSecrets(join(folder, 'short'), { mayBeOpen: false })).toThrow(/64 hex digits/)
  })

  it('leaves nothing of itself in the database', async () => {
    const { id } = await endpoint()
    const master = readFileSync(join(folder, 'webhook-secret'), 'utf8').trim()
    const rows: unknown[] = [await database.selectFrom('webhook_secret').selectAll().execute()]
    rows.push(await database.selectFrom('webhook_endpoint').selectAll().execute())
    for (const secret of [master, webhooks.secrets.secretOf(id, 1).slice(6)]) {
      expect(JSON.stringify(rows)).not.toContain(secret)
    }
  })
})
