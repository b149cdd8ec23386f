// The gateway from both sides: clients as they ask, workers as processes that really run and really die.
import { join } from 'node:path'
import { Outage } from '@worldland-aa/service/outage'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EndpointDefinition } from '../market/marketSchema.ts'
import { endpoint, type GatewayStage, startGatewayStage } from './testing/gatewayStage.ts'

const command = [process.execPath, join(import.meta.dirname, 'testing/worker.mjs')]
const payer = '1:1'
let stage: GatewayStage

function served(fields: Partial<EndpointDefinition> & { readonly id: string }): EndpointDefinition {
  return endpoint({ command, environment: { JOBS_AT_ONCE: '4' }, concurrency: 4, ...fields })
}

const endpoints = [
  served({ id: 'plain' }),
  served({ id: 'mortal', maximumWorkers: 2 }),
  served({ id: 'brief', requestSeconds: 1 }),
  served({ id: 'idle', idleSeconds: 1 }),
  served({ id: 'broken', command: ['/bin/false'] }),
  served({ id: 'absent', command: ['no-such-program'] }),
  served({ id: 'narrow', queueLimit: 4, concurrency: 1, command: ['/bin/sh', '-c', 'sleep 600'] }),
]

beforeAll(async () => {
  stage = await startGatewayStage(endpoints)
})
afterAll(() => stage.stop())

type Answer = { readonly status: number; readonly body: Record<string, unknown> }

async function ask(path: string, body?: unknown, token = payer): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const method = body === undefined ? {} : { method: 'POST', body: text }
  const response = await fetch(`${stage.url()}/${path}`, { headers, ...method })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function run(endpointId: string, input: unknown, policy = {}, token = payer): Promise<string> {
  const { status, body } = await ask(`${endpointId}/run`, { input, policy }, token)
  expect([status, body.status]).toEqual([200, 'IN_QUEUE'])
  return String(body.id)
}

async function over(endpointId: string, id: string, token = payer): Promise<Record<string, unknown>> {
  for (;;) {
    const { body } = await ask(`${endpointId}/status-sync/${id}?wait=5000`, undefined, token)
    if (body.status !== 'IN_QUEUE' && body.status !== 'IN_PROGRESS') return body
  }
}

async function until(endpointId: string, id: string, state: string): Promise<void> {
  await expect.poll(async () => (await ask(`${endpointId}/status/${id}`)).body.status).toBe(state)
}

function says(words: RegExp): unknown {
  return expect.stringMatching(words)
}

describe('a job', () => {
  it('is queued, run by a worker that is started for it, and answered as RunPod answers', async () => {
    const id = await run('plain', { a: 1 })
    expect(await over('plain', id)).toEqual({
      id,
      status: 'COMPLETED',
      output: { echo: { a: 1 }, by: expect.stringMatching(/^worker-plain-\d+$/) },
      delayTime: expect.any(Number),
      executionTime: expect.any(Number),
      workerId: expect.stringMatching(/^worker-plain-\d+$/),
    })
    expect(stage.gate.owed.has(id)).toBe(true)
    expect(stage.gate.running.has(id)).toBe(false)
  })

  it('is answered at once by runsync when it is done within the time, and else goes on', async () => {
    const quick = await ask('plain/runsync', { input: { a: 2 } })
    expect(quick.body).toMatchObject({ status: 'COMPLETED', output: { echo: { a: 2 } } })
    const slow = await ask('plain/runsync?wait=100', { input: { milliseconds: 600 } })
    expect(slow.body.status).toMatch(/^IN_/)
    expect(await over('plain', String(slow.body.id))).toMatchObject({ status: 'COMPLETED' })
  })

  it('keeps its numbers as they were written, there and back', async () => {
    const answer = await fetch(`${stage.url()}/plain/runsync`, {
      method: 'POST',
      headers: { authorization: `Bearer ${payer}` },
      body: '{"input":{"raw":"{\\"output\\": 18446744073709551615}"}}',
    })
    expect(await answer.text()).toContain('"output":18446744073709551615')
  })

  it('that fails says so with the worker’s own words', async () => {
    const id = await run('plain', { fails: 'no such model' })
    expect(await over('plain', id)).toMatchObject({ status: 'FAILED', error: 'no such model' })
  })

  it('whose result is no JSON fails in words', async () => {
    const id = await run('plain', { raw: '{"output": NaN}' })
    expect(await over('plain', id)).toMatchObject({ status: 'FAILED', error: says(/NaN/) })
  })

  it('stays done when its progress arrives after its result', async () => {
    const id = await run('plain', { progress: 'half', late: true })
    await over('plain', id)
    await ask('plain/runsync', { input: {} })
    expect((await ask(`plain/status/${id}`)).body).toMatchObject({
      status: 'COMPLETED',
      output: { by: says(/worker/) },
    })
  })

  it('shows its progress while it runs', async () => {
    const id = await run('plain', { progress: { percent: 40 }, milliseconds: 1_500 })
    await expect.poll(async () => (await ask(`plain/status/${id}`)).body.output).toEqual({ percent: 40 })
    await over('plain', id)
  })

  it('streams its parts in their order, each once, and ends with the last', async () => {
    const id = await run('plain', { parts: 25 })
    const parts: unknown[] = []
    for (let status = ''; status !== 'COMPLETED'; ) {
      const { body } = await ask(`plain/stream/${id}`)
      parts.push(...(body.stream as unknown[]))
      status = String(body.status)
    }
    expect(parts).toEqual(Array.from({ length: 25 }, (_, part) => ({ output: { part } })))
    expect((await ask(`plain/stream/${id}`)).body).toEqual({ status: 'COMPLETED', stream: [] })
  })

  it('is cancelled while it waits, and while it runs, and owes what it used', async () => {
    const running = await run('plain', { milliseconds: 30_000 })
    await until('plain', running, 'IN_PROGRESS')
    expect((await ask(`plain/cancel/${running}`, {})).body).toMatchObject({
      id: running,
      status: 'CANCELLED',
    })
    expect(stage.gate.owed.get(running)).toBeGreaterThanOrEqual(0)
    const waiting = await run('narrow', {})
    expect((await ask(`narrow/cancel/${waiting}`, {})).body).toMatchObject({ status: 'CANCELLED' })
    expect(stage.gate.owed.has(waiting)).toBe(false)
    // The worker was told, and takes others.
    expect((await ask('plain/runsync', { input: {} })).body.status).toBe('COMPLETED')
  })

  it('is timed out when it runs longer than the endpoint, or its client, allows', async () => {
    const long = await run('brief', { milliseconds: 20_000 })
    expect(await over('brief', long)).toMatchObject({
      status: 'TIMED_OUT',
      error: says(/1000 ms/),
    })
    const impatient = await run('plain', { milliseconds: 20_000 }, { executionTimeout: 300 })
    expect(await over('plain', impatient)).toMatchObject({ status: 'TIMED_OUT' })
  })

  it('is timed out when nobody takes it within its time to live', async () => {
    const id = await run('narrow', {}, { ttl: 200 })
    expect(await over('narrow', id)).toMatchObject({
      status: 'TIMED_OUT',
      error: says(/No worker took/),
    })
  })

  it('ends when its payer is overdue, be it running or waiting', async () => {
    const token = '7:3'
    const running = await run('plain', { milliseconds: 30_000 }, {}, token)
    await expect
      .poll(async () => (await ask(`plain/status/${running}`, undefined, token)).body.status)
      .toBe('IN_PROGRESS')
    const waiting = await run('narrow', {}, {}, token)
    stage.gate.overdue({ sessionId: 7n, rightId: 3n, lane: token }, 'unpaid')
    expect(await over('plain', running, token)).toMatchObject({
      status: 'FAILED',
      error: says(/sign/),
    })
    expect(await over('narrow', waiting, token)).toMatchObject({
      status: 'FAILED',
      error: says(/sign/),
    })
  })
})

describe('a job of a right that has ended', () => {
  it('ends with it, and its client is not told to sign on', async () => {
    const token = '7:4'
    const id = await run('narrow', {}, {}, token)
    stage.gate.overdue({ sessionId: 7n, rightId: 4n, lane: token }, 'ended')
    const { status, error } = await over('narrow', id, token)
    expect([status, error]).toEqual(['FAILED', says(/has ended: ask again under one that is in force/)])
    expect(error).not.toMatch(/sign/)
  })
})

describe('a worker', () => {
  it('that is killed gives its jobs back, and another one does them all', async () => {
    const mark = join(stage.folder, 'killed')
    const fatal = await run('mortal', { milliseconds: 300, dieOnce: mark })
    const others = await Promise.all([1, 2, 3].map(at => run('mortal', { milliseconds: 1_500, at })))
    const done = await Promise.all([fatal, ...others].map(id => over('mortal', id)))
    expect(done.map(({ status }) => status)).toEqual(Array(4).fill('COMPLETED'))
    expect(done[0]).toMatchObject({ retries: 1 })
    expect((await ask('mortal/health')).body).toMatchObject({ jobs: { completed: 4, failed: 0 } })
  })

  it('is not killed by the same job for ever: the second time is the last, and its payer owes nothing', async () => {
    const id = await run('mortal', { die: true })
    expect(await over('mortal', id)).toMatchObject({
      status: 'FAILED',
      retries: 2,
      error: says(/lost twice/),
    })
    expect(stage.gate.owed.get(id)).toBe(0)
  })

  it('that fails its start is tried again ever later, and the operator reads why', async () => {
    const id = await run('broken', {})
    const missing = await run('absent', {})
    const problem = (endpointId: string) =>
      stage
        .gateway()
        .status()
        .find(one => one.id === endpointId)?.problem ?? ''
    await expect.poll(() => problem('broken')).toMatch(/ended before it served.*tried again in \d+ s/)
    await expect.poll(() => problem('absent')).toMatch(/no program "no-such-program"/)
    const health = async () => (await ask('absent/health')).body
    await expect.poll(health).toMatchObject({ workers: { throttled: 1 } })
    for (const [endpointId, one] of [
      ['broken', id],
      ['absent', missing],
    ] as const) {
      expect((await ask(`${endpointId}/cancel/${one}`, {})).body.status).toBe('CANCELLED')
    }
  })

  it('that has nothing to do goes after its idle time, and nothing of it is left', async () => {
    await ask('idle/runsync', { input: {} })
    const left = async () => (await stage.driver.list()).filter(({ key }) => key.startsWith('worker-idle-'))
    expect(await left()).toHaveLength(1)
    await expect.poll(left).toEqual([])
    expect((await ask('idle/health')).body).toMatchObject({ workers: { idle: 0, ready: 0 } })
  })

  it('that asks to be started anew is not given another job', async () => {
    const first = await ask('idle/runsync', { input: { refresh: true } })
    const second = await ask('idle/runsync', { input: {} })
    expect(second.body.status).toBe('COMPLETED')
    expect(second.body.workerId).not.toBe(first.body.workerId)
  })

  it('outlives the daemon: what it had is awaited, what waits is given out again', async () => {
    const running = await run('plain', { milliseconds: 2_500 })
    await until('plain', running, 'IN_PROGRESS')
    const before = (await ask(`plain/status/${running}`)).body.workerId
    await stage.restart()
    const later = await run('plain', { after: true })
    expect(await over('plain', running)).toMatchObject({ status: 'COMPLETED', workerId: before })
    expect(await over('plain', later)).toMatchObject({ status: 'COMPLETED', workerId: before })
  })
})

describe('the time that a job is charged', () => {
  it('has nothing of the time that the daemon was down: its worker’s result counts, and it owes what it ran', async () => {
    const id = await run('plain', { milliseconds: 2_000 })
    await until('plain', id, 'IN_PROGRESS')
    await stage.restart(600_000)
    expect(await over('plain', id)).toMatchObject({ status: 'COMPLETED' })
    expect(stage.gate.owed.get(id)).toBeLessThan(60_000)
  })

  it('is not what the host’s time of day is set by, and no job or worker ends by that', async () => {
    const id = await run('plain', { milliseconds: 1_500 })
    await until('plain', id, 'IN_PROGRESS')
    const before = (await ask(`plain/status/${id}`)).body.workerId
    stage.setForward(600_000)
    expect(await over('plain', id)).toMatchObject({ status: 'COMPLETED', workerId: before })
    expect(stage.gate.owed.get(id)).toBeLessThan(60_000)
  })
})

describe('a client', () => {
  it('sees its own jobs alone, and is told so in words', async () => {
    const id = await run('plain', {})
    for (const path of [`plain/status/${id}`, `plain/stream/${id}`, `mortal/status/${id}`]) {
      const token = path.startsWith('mortal') ? payer : '2:1'
      expect(await ask(path, undefined, token)).toMatchObject({
        status: 404,
        body: { error: says(/You have no job/) },
      })
    }
    expect((await ask(`plain/cancel/${id}`, {}, '1:2')).status).toBe(404)
    expect(await over('plain', id)).toMatchObject({ status: 'COMPLETED' })
  })

  it.each([
    ['nowhere/run', { input: {} }, 404, /no endpoint "nowhere"/],
    ['plain/run', {}, 400, /has no "input"/],
    ['plain/run', 'no json', 400, /no JSON/],
    ['plain/run', `{"input":${'['.repeat(300)}${']'.repeat(300)}}`, 400, /nests deeper/],
    ['plain/run', { input: {}, s3Config: {} }, 400, /"s3Config" is not served here.*presigned/],
    ['plain/run', { input: {}, policy: { executionTimeout: 10 ** 8 } }, 400, /60000 ms at most/],
    ['plain/run', { input: {}, policy: { ttl: 'long' } }, 400, /"policy" holds milliseconds/],
  ])('that asks wrongly is told what is wrong: %s %j', async (path, body, status, reason) => {
    expect(await ask(path, body)).toEqual({ status, body: { error: expect.stringMatching(reason) } })
  })

  it('that shows no key is refused by the gate', async () => {
    expect((await fetch(`${stage.url()}/plain/health`)).status).toBe(401)
  })

  it('that asks while the disk takes no more is told to come again, and that its voucher was taken', async () => {
    const input = 'x'.repeat(500_000)
    await stage.setDisk('full')
    try {
      const answer = await fetch(`${stage.url()}/narrow/run`, {
        method: 'POST',
        headers: { authorization: `Bearer ${payer}` },
        body: JSON.stringify({ input }),
      })
      expect([answer.status, answer.headers.get('worldland-lane-token'), await answer.json()]).toEqual([
        ...[503, 'taken', { error: says(/disk|file/) }],
      ])
    } finally {
      await stage.setDisk('free')
    }
    expect((await ask('plain/runsync', { input: {} })).body.status).toBe('COMPLETED')
  })

  it('that is paid with what does not come to the disk is told so at once, and does not go on', async () => {
    stage.gate.loseNext(new Outage('The disk is full: try again', 'no room'))
    const answer = await ask('plain/runsync', { input: { milliseconds: 30_000 } }, '30:1')
    expect(answer).toEqual({ status: 503, body: { error: 'The disk is full: try again' } })
    await expect
      .poll(() => [...stage.gate.running.values()].filter(({ lane }) => lane === '30:1'))
      .toHaveLength(0)
  })

  it('may be asked for by a page of anyone’s', async () => {
    const url = `${stage.url()}/plain/runsync`
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        ...{ origin: 'https://page.example', 'access-control-request-method': 'POST' },
        'access-control-request-headers': 'worldland-voucher',
      },
    })
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([
      ...[204, 'worldland-voucher'],
    ])
    const asked = await fetch(url, { method: 'POST', body: '{' })
    const nowhere = await fetch(`${stage.url()}/plain/nowhere`)
    for (const { headers } of [preflight, asked, nowhere]) {
      expect(headers.get('access-control-allow-origin')).toBe('*')
      expect(headers.get('access-control-expose-headers')).toContain('Worldland-Lane-Token')
    }
    expect([asked.status, nowhere.status]).toEqual([401, 404])
  })

  it('takes its own waiting jobs back by purging the queue', async () => {
    await ask('narrow/purge-queue', {})
    const mine = await run('narrow', {})
    const other = await run('narrow', {}, {}, '9:9')
    expect((await ask('narrow/purge-queue', {})).body).toEqual({ removed: 1, status: 'completed' })
    expect((await ask(`narrow/status/${mine}`)).body.status).toBe('CANCELLED')
    expect((await ask(`narrow/status/${other}`, undefined, '9:9')).body.status).toBe('IN_QUEUE')
    await ask('narrow/purge-queue', {}, '9:9')
  })

  it('finds a place however many jobs another one has waiting', async () => {
    const flood: number[] = []
    for (let at = 0; at < 6; at++) flood.push((await ask('narrow/run', { input: {} }, `20:${at}`)).status)
    expect(flood).toEqual([200, 200, 429, 429, 429, 429])
    expect((await ask('narrow/run', { input: {} }, '21:1')).status).toBe(200)
  })
})

describe('a gateway that is drained', () => {
  it('takes no more jobs, ends those that it has, and then lets its workers go', async () => {
    const own = await startGatewayStage([served({ id: 'last', minimumWorkers: 1 })])
    const headers = { authorization: 'Bearer 1:1' }
    const post = (milliseconds: number) =>
      fetch(`${own.url()}/last/runsync`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ input: { milliseconds } }),
      })
    try {
      await post(0)
      const last = post(800)
      await expect.poll(() => own.gateway().status()[0]?.jobs.inProgress).toBe(1)
      own.drain()
      const refused = await post(0)
      expect([refused.status, await refused.json()]).toEqual([503, { error: says(/no more jobs/) }])
      expect(await (await last).json()).toMatchObject({ status: 'COMPLETED' })
      await expect.poll(() => own.driver.list()).toEqual([])
    } finally {
      await own.stop()
    }
  })
})
