// The end of a job, posted to where its client wants it.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { lookIntoDatabase } from '@worldland-aa/service/testing/lookIntoDatabase'
import { type Receiver, startReceiver } from '@worldland-aa/service/testing/webhookReceiver'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { endpoint, type GatewayStage, startGatewayStage } from '../testing/gatewayStage.ts'

const command = [process.execPath, join(import.meta.dirname, '../testing/worker.mjs')]
const endpoints = [endpoint({ id: 'plain', command, environment: { JOBS_AT_ONCE: '4' }, concurrency: 4 })]
let stage: GatewayStage
let receiver: Receiver
beforeAll(async () => {
  stage = await startGatewayStage(endpoints)
})
afterAll(() => stage.stop())
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(() => receiver.stop())

async function ask(path: string, body?: unknown, key = '1:1'): Promise<{ status: number; text: string }> {
  const response = await fetch(`${stage.url()}/plain/${path}`, {
    headers: { authorization: `Bearer ${key}` },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  })
  return { status: response.status, text: await response.text() }
}

const idOf = ({ text }: { text: string }): string => JSON.parse(text).id
const run = async (input: unknown, webhook = receiver.url) => idOf(await ask('run', { input, webhook }))
const secretOf = async (key: string): Promise<string> =>
  JSON.parse((await ask('webhook-secret', undefined, key)).text).secret
const messageIds = () => receiver.received.map(({ headers }) => headers['webhook-id'])
const told = () => receiver.received.map(({ body }) => JSON.parse(body))

describe('a webhook', () => {
  it('is told what the status of the job is once it is over, byte by byte', async () => {
    const id = await run({ raw: '{"output": 18446744073709551615}' })
    await expect.poll(() => receiver.received.length).toBe(1)
    const { body = '', headers = {} } = receiver.received[0] ?? {}
    expect(body).toBe((await ask(`status/${id}`)).text)
    expect(body).toContain('"output":18446744073709551615')
    expect(headers['content-type']).toBe('application/json')
  })

  it('is signed as Standard Webhooks has it, with the secret that its payer is given, and by nobody else’s', async () => {
    const secret = await secretOf('1:1')
    await run({ a: 1 })
    await expect.poll(() => receiver.received.length).toBe(1)
    const { body = '', headers = {} } = receiver.received[0] ?? {}
    const receiving = new Webhook(secret)
    expect(receiving.verify(body, headers)).toMatchObject({ status: 'COMPLETED' })
    expect(() => receiving.verify(body.replace('COMPLETED', 'FAILED'), headers)).toThrow('No matching')
    for (const key of ['1:2', '2:1']) {
      const other = new Webhook(await secretOf(key))
      expect(() => other.verify(body, headers)).toThrow('No matching')
    }
  })

  it.each([
    ['failed', { fails: 'no luck' }, 'FAILED'],
    ['was timed out', { milliseconds: 5_000 }, 'TIMED_OUT'],
  ])('hears also of one that %s', async (_, input, status) => {
    await ask('run', { input, webhook: receiver.url, policy: { executionTimeout: 300 } })
    await expect.poll(told).toMatchObject([{ status }])
  })

  it('is told beside the answer of runsync, whose result is then kept as that of run', async () => {
    const answer = await ask('runsync', { input: { a: 1 }, webhook: receiver.url })
    expect(JSON.parse(answer.text)).toMatchObject({ status: 'COMPLETED' })
    await expect.poll(told).toMatchObject([{ id: idOf(answer) }])
  })

  it('hears of each run of a job that is run again', async () => {
    const id = await run({ fails: 'x' })
    await expect.poll(told).toHaveLength(1)
    await ask(`retry/${id}`, {})
    await expect.poll(told).toMatchObject([{ id }, { id }])
    // Another run is another message.
    expect(messageIds()).toEqual([id, `${id}-again-1`])
  })

  it('that does not take it is asked three times, and no more', async () => {
    receiver.answerWith(500)
    const id = await run({})
    await expect.poll(told).toHaveLength(1)
    // A restart does not wait for the time between two attempts.
    for (const attempts of [2, 3]) {
      await stage.restart()
      await expect.poll(told).toHaveLength(attempts)
    }
    await expect.poll(() => isOver(id)).toBe(1)
    // A receiver that took it and was not heard knows it again; all are signed alike, over restarts.
    expect(messageIds()).toEqual([id, id, id])
    const receiving = new Webhook(await secretOf('1:1'))
    for (const { body, headers } of receiver.received) receiving.verify(body, headers)
    await stage.restart()
    const later = await run({})
    await expect.poll(told).toMatchObject([{ id }, { id }, { id }, { id: later }])
  })

  it('is not lost with a daemon that ends before the job does, or between two attempts', async () => {
    receiver.answerWith(503)
    const tried = await run({})
    await expect.poll(told).toHaveLength(1)
    const runs = await run({ milliseconds: 800 })
    await stage.restart()
    receiver.answerWith(200)
    await expect.poll(() => told().map(({ id }) => id)).toContain(runs)
    await expect.poll(() => isOver(tried)).toBe(1)
    expect(told().filter(({ id }) => id === tried).length).toBeGreaterThanOrEqual(2)
  })

  it('of one session that never answers holds up nobody else’s', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await new Promise(resolve => silent.once('listening', resolve))
    const { port } = silent.address() as AddressInfo
    for (let at = 0; at < 20; at++) await run({}, `http://127.0.0.1:${port}/`)
    const other = await fetch(`${stage.url()}/plain/run`, {
      method: 'POST',
      headers: { authorization: 'Bearer 5:1' },
      body: JSON.stringify({ input: {}, webhook: receiver.url }),
    })
    const { id } = (await other.json()) as { id: string }
    await expect.poll(told).toMatchObject([{ id }])
    silent.close()
    silent.closeAllConnections()
  })

  it('is forgotten with its job', async () => {
    const id = await run({})
    await expect.poll(told).toHaveLength(1)
    await stage.restart(31 * 60_000)
    await expect.poll(() => isOver(id)).toBeUndefined()
  })

  it.each([
    ['no URL', 'nowhere', 400],
    ['metadata of clouds', 'http://169.254.169.254/latest/meta-data', 400],
    ['no text', 7, 400],
  ])('that is %s is refused before anything runs', async (_, webhook, status) => {
    const refused = await ask('run', { input: {}, webhook })
    expect([refused.status, refused.text]).toEqual([status, expect.stringMatching(/URL/)])
  })
})

/** Of its row; undefined where there is none. */
function isOver(id: string): number | undefined {
  const path = join(stage.folder, 'provider.sqlite')
  const rows = lookIntoDatabase(path, `select is_over from gateway_webhook where job_id = '${id}'`)
  return (rows as { is_over: number }[])[0]?.is_over
}

describe('attack: a webhook into the provider’s own networks', () => {
  it.each(['http://127.0.0.1:4341/', 'https://10.0.0.1/', 'https://[::1]/'])(
    '%s is refused in words where the operator allows none',
    async url => {
      const strict = await startGatewayStage(endpoints, { webhookRules: { allowPrivateNetworks: false } })
      try {
        const answer = await fetch(`${strict.url()}/plain/run`, {
          method: 'POST',
          headers: { authorization: 'Bearer 1:1' },
          body: JSON.stringify({ input: {}, webhook: url }),
        })
        expect(answer.status).toBe(400)
        expect(await answer.text()).toMatch(/must begin with https|leads nowhere that is public/)
      } finally {
        await strict.stop()
      }
    },
  )
})
