// A job that failed, run once more by its client; and what a client is told of all its jobs.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoint, type GatewayStage, startGatewayStage } from './testing/gatewayStage.ts'

const command = [process.execPath, join(import.meta.dirname, 'testing/worker.mjs')]
const environment = { JOBS_AT_ONCE: '4' }
let stage: GatewayStage
beforeAll(async () => {
  stage = await startGatewayStage([
    endpoint({ id: 'plain', command, environment, concurrency: 4 }),
    endpoint({ id: 'narrow', command: ['/bin/sh', '-c', 'sleep 600'], queueLimit: 2 }),
  ])
})
afterAll(() => stage.stop())

type Body = Record<string, unknown>

async function ask(path: string, body?: unknown, token = '1:1') {
  const response = await fetch(`${stage.url()}/${path}`, {
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Body }
}

async function over(id: string, endpointId = 'plain'): Promise<Body> {
  for (;;) {
    const { body } = await ask(`${endpointId}/status-sync/${id}?wait=5000`)
    if (!String(body.status).startsWith('IN_')) return body
  }
}

async function ended(input: unknown, policy = {}): Promise<string> {
  const { body } = await ask('plain/run', { input, policy })
  await over(String(body.id))
  return String(body.id)
}

const says = (words: RegExp): Body => ({ error: expect.stringMatching(words) })

describe('retry', () => {
  it('runs a failed job once more by the same id and with the same input, and each run is paid', async () => {
    const id = await ended({ fails: 'no luck', milliseconds: 50 })
    const again = await ask(`plain/retry/${id}`, {})
    expect(again).toEqual({ status: 200, body: { id, status: 'IN_QUEUE' } })
    expect(await over(id)).toMatchObject({ id, status: 'FAILED', error: 'no luck' })
    expect(stage.gate.owed.get(`${id}-again-1`)).toBeGreaterThanOrEqual(40)
    expect(stage.gate.owed.get(id)).toBeGreaterThanOrEqual(40)
    expect(stage.gate.running.size).toBe(0)
  })

  it('has nothing to do with what its worker still says of the run before', async () => {
    const id = await ended({ milliseconds: 1_200 }, { executionTimeout: 300 })
    // The stop of the run before may be on its way to the worker that takes this one.
    expect((await ask(`plain/retry/${id}`, {})).status).toBe(200)
    expect(await over(id)).toMatchObject({ status: 'TIMED_OUT' })
    expect(await ended({ after: true })).toBeDefined()
  })

  it('outlives a restart, and takes an input that is too large for memory from the disk', async () => {
    const id = await ended({ fails: 'x', padding: 'p'.repeat(40_000) })
    await ask(`plain/retry/${id}`, {})
    await stage.restart()
    expect(await over(id)).toMatchObject({ status: 'FAILED' })
    expect(stage.gate.owed.has(`${id}-again-1`)).toBe(true)
  })

  it('of a job that nobody took in time gives it its whole time anew', async () => {
    const { body } = await ask('narrow/run', { input: {}, policy: { ttl: 1_000 } })
    const id = String(body.id)
    expect(await over(id, 'narrow')).toMatchObject({ status: 'TIMED_OUT' })
    await ask(`narrow/retry/${id}`, {})
    expect((await ask(`narrow/status/${id}`)).body.status).toBe('IN_QUEUE')
    expect(await over(id, 'narrow')).toMatchObject({
      status: 'TIMED_OUT',
      error: expect.stringContaining('within 1000 ms'),
    })
  })

  it('asked twice at once runs it once', async () => {
    const id = await ended({ fails: 'x', milliseconds: 300 })
    const both = await Promise.all([ask(`plain/retry/${id}`, {}), ask(`plain/retry/${id}`, {})])
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 400])
    await over(id)
    expect(stage.gate.owed.has(`${id}-again-2`)).toBe(false)
  })

  it.each([
    ['of a job that succeeded', { ok: true }, '1:1', 400, /FAILED or was TIMED_OUT/],
    ['of somebody else’s job', { fails: 'x' }, '2:1', 404, /You have no job/],
  ] as const)('%s is refused in words', async (_, input, token, status, words) => {
    expect(await ask(`plain/retry/${await ended(input)}`, {}, token)).toEqual({ status, body: says(words) })
  })

  it('finds no place in a queue that is full', async () => {
    const { body } = await ask('narrow/run', { input: {}, policy: { ttl: 1 } })
    await over(String(body.id), 'narrow')
    await ask('narrow/run', { input: {} }, '7:1')
    await ask('narrow/run', { input: {} }, '8:1')
    const refused = await ask(`narrow/retry/${body.id}`, {})
    expect(refused).toEqual({ status: 429, body: says(/queue of this endpoint is full/) })
  })
})

describe('requests', () => {
  it('lists the caller’s own jobs, the newest first, without what they returned', async () => {
    const done = await ended({ ok: true })
    const failed = await ended({ fails: 'x' })
    const { body: running } = await ask('plain/run', { input: { milliseconds: 500 } })
    await ask('plain/runsync', { input: {} }, '3:1')
    const listed = (await ask('plain/requests')).body.requests as readonly Body[]
    expect(listed.slice(0, 3)).toMatchObject([
      { id: running.id },
      { id: failed, status: 'FAILED', executionTime: expect.any(Number) },
      { id: done, status: 'COMPLETED' },
    ])
    expect(JSON.stringify(listed)).not.toMatch(/output|error/)
    expect((await ask('plain/requests', undefined, '3:1')).body.requests).toHaveLength(1)
    expect((await ask('plain/requests', undefined, '4:1')).body).toEqual({ requests: [] })
  })
})
