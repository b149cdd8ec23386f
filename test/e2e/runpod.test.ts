// RunPod's own packages, unmodified, on both sides: its Python worker and client from PyPI, its JavaScript client from npm.
// Five hundred jobs that succeed, fail, are cancelled, stream and tell of their progress, while a worker is killed.
import { execFile, execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startReceiver } from '@worldland-aa/service/testing/webhookReceiver'
import runpodSdk from 'runpod-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  endpoint,
  type GatewayStage,
  startGatewayStage,
} from '../../provider/src/gateway/testing/gatewayStage.ts'
import { findRunpodPackage } from '../support/runpodPackage.ts'

const found = findRunpodPackage()
const scripts = join(import.meta.dirname, '../support/runpod')
const jobsAtOnce = 25

describe.skipIf(!found.ok)(found.ok ? 'the runpod packages' : `not run: ${found.reason}`, () => {
  const pythonPath = found.ok ? found.pythonPath : ''
  let stage: GatewayStage

  function worker(environment: Readonly<Record<string, string>>) {
    return {
      command: ['python3', join(scripts, 'worker.py')],
      concurrency: jobsAtOnce,
      environment: {
        PYTHONPATH: pythonPath,
        JOBS_AT_ONCE: String(jobsAtOnce),
        RUNPOD_SKIP_AUTO_SYSTEM_CHECKS: 'true',
        RUNPOD_SKIP_GPU_CHECK: 'true',
        RUNPOD_LOG_LEVEL: 'INFO',
        ...environment,
      },
    }
  }

  beforeAll(async () => {
    stage = await startGatewayStage([
      endpoint({ id: 'work', maximumWorkers: 2, queueLimit: 2_000, ...worker({}) }),
      endpoint({ id: 'stream', ...worker({ STREAMS: 'yes' }) }),
    ])
  })
  afterAll(() => stage?.stop())

  function sdk(endpointId: string) {
    const own = runpodSdk('1:1', { baseUrl: stage.url() }).endpoint(endpointId)
    if (own === null) throw new Error('the SDK knows no endpoint')
    return own
  }

  async function python<Answer>(script: string, ...options: readonly string[]): Promise<Answer> {
    const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: stage.folder, PYTHONPATH: pythonPath }
    const { stdout } = await promisify(execFile)('python3', [join(scripts, script), ...options], {
      env: { ...environment, RUNPOD_ENDPOINT_BASE_URL: stage.url(), RUNPOD_API_KEY: '2:1' },
      maxBuffer: 64 * 1024 * 1024,
    })
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Answer
  }

  it('run five hundred jobs, and none is lost or done twice though a worker is killed in the middle', async () => {
    const client = sdk('work')
    const wanted = Array.from({ length: 500 }, (_, at) => inputOf(at))
    const started = await together(wanted, async (input, at) => {
      return { at, input, id: (await client.run({ input }, 30_000)).id }
    })
    expect(new Set(started.map(({ id }) => id)).size).toBe(500)
    const cancelled = started.filter(({ at }) => at % 10 === 7)
    for (const { id } of cancelled) await client.cancel(id, 30_000)
    // Both have jobs, and one of them ends as machines do.
    await expect.poll(async () => (await client.health(30_000)).workers.running).toBe(2)
    const [victim] = workersOf('work')
    process.kill(-(victim as number), 'SIGKILL')

    const ends = await together(started, async ({ id }) => {
      for (;;) {
        const answer = await client.statusSync(id, 30_000)
        if (!/^IN_/.test(answer.status)) return answer as unknown as Record<string, unknown>
      }
    })
    const tally: Record<string, number> = {}
    for (const [at, end] of ends.entries()) {
      const { status, output, error } = end
      const input = wanted[at] as Input
      tally[String(status)] = (tally[String(status)] ?? 0) + 1
      if (status === 'COMPLETED') expect(output).toMatchObject({ echo: input })
      else if (status === 'FAILED') expect(error).toContain(`job ${at}`)
      else expect([status, at % 10]).toEqual(['CANCELLED', 7])
    }
    expect(tally).toEqual({ COMPLETED: 400, FAILED: 50, CANCELLED: 50 })
    const { jobs } = await client.health(30_000)
    expect(jobs).toMatchObject({ completed: 400, failed: 50, inProgress: 0, inQueue: 0 })
    expect(jobs.retried).toBeGreaterThan(0)
    expect(stage.gate.running.size).toBe(0)
  })

  it('stream to both clients what a generator yields, in its order, each part once', async () => {
    const client = sdk('stream')
    const { id } = await client.run({ input: { parts: 40 } }, 30_000)
    const parts: unknown[] = []
    for await (const part of client.stream(id)) parts.push(part)
    expect(parts).toEqual(Array.from({ length: 40 }, (_, part) => ({ output: { part, of: 40 } })))
    expect(await python('stream.py', 'stream', '40')).toEqual(
      Array.from({ length: 40 }, (_, part) => ({ part, of: 40 })),
    )
  })

  it('of Python: run, wait, poll, cancel, purge and look at the health of an endpoint', async () => {
    expect(await python('client.py', 'work')).toEqual({
      sync: { echo: { question: 1 }, worker: expect.stringMatching(/^worker-work-/) },
      later: { echo: { question: 2, sleep: 1 }, worker: expect.any(String) },
      seed: 18446744073709551615n.toString(),
      failed: 'FAILED',
      cancelled: 'CANCELLED',
      purged: 'completed',
      health: ['jobs', 'workers'],
      async: { echo: { question: 3 }, worker: expect.any(String) },
      stranger: '404',
    })
  })

  it('of JavaScript: an answer at once by runSync, with what RunPod says of it', async () => {
    expect(await sdk('work').runSync({ input: { question: 4 } })).toMatchObject({
      status: 'COMPLETED',
      started: true,
      completed: true,
      succeeded: true,
      output: { echo: { question: 4 } },
    })
    expect(await sdk('work').purgeQueue(30_000)).toEqual({ removed: 0, status: 'completed' })
  })

  it('of both kinds: have the end of a job posted to their webhook, and a failed job run again', async () => {
    const receiver = await startReceiver()
    const told = () => receiver.received.map(({ body }) => JSON.parse(body))
    try {
      const { id } = await sdk('work').run({ input: { raise: 'not yet' }, webhook: receiver.url }, 30_000)
      const failed = { id, status: 'FAILED', error: expect.stringContaining('not yet') }
      await expect.poll(told, { timeout: 30_000 }).toMatchObject([failed])
      const again = await fetch(`${stage.url()}/work/retry/${id}`, {
        method: 'POST',
        headers: { authorization: 'Bearer 1:1' },
      })
      expect(await again.json()).toEqual({ id, status: 'IN_QUEUE' })
      await expect.poll(told, { timeout: 30_000 }).toMatchObject([failed, failed])
      const { id: ofPython } = await python<{ id: string }>('webhook.py', 'work', receiver.url)
      const done = { id: ofPython, status: 'COMPLETED', output: { echo: { question: 5 } } }
      await expect.poll(told, { timeout: 30_000 }).toMatchObject([failed, failed, done])
    } finally {
      receiver.stop()
    }
  })

  /** Process groups of what runs for an endpoint. */
  function workersOf(endpointId: string): readonly number[] {
    const told = execFileSync('ps', ['-eo', 'pgid=,args=']).toString().split('\n')
    const own = told.filter(line => line.includes(join(scripts, 'worker.py')))
    const groups = own.map(line => Number.parseInt(line, 10))
    return [...new Set(groups)].filter(group =>
      environmentOf(group).includes(`RUNPOD_ENDPOINT_ID=${endpointId}\0`),
    )
  }

  function environmentOf(pid: number): string {
    try {
      return execFileSync('cat', [`/proc/${pid}/environ`], { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
    } catch {
      return ''
    }
  }
})

/** As many at once as one address may keep under way. */
const mostTogether = 100

async function together<Item, Value>(
  items: readonly Item[],
  act: (item: Item, at: number) => Promise<Value>,
): Promise<readonly Value[]> {
  const values: Value[] = []
  const left = [...items.entries()]
  async function work(): Promise<void> {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [at, item] = next
      values[at] = await act(item, at)
    }
  }
  await Promise.all(Array.from({ length: mostTogether }, work))
  return values
}

type Input = Readonly<Record<string, unknown>>

/** A tenth fails, a tenth is cancelled, many tell of their progress; the first keep two workers busy for a while. */
function inputOf(at: number): Input {
  const input = { job: at, sleep: at < 60 ? 4 : 0.02 }
  if (at % 20 === 1) return { ...input, raise: `job ${at} cannot` }
  if (at % 20 === 11) return { ...input, error: `job ${at} will not` }
  if (at % 10 === 7) return { ...input, sleep: 20 }
  if (at % 5 === 4) return { ...input, progress: 'half' }
  return input
}
