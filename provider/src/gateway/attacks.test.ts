// What a hostile worker, or somebody who found the door for workers, can do there: nothing but to its own jobs.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitFor } from '../machines/testing/driverStage.ts'
import { loadSecretKey } from '../secretKey.ts'
import { endpoint, type GatewayStage, startGatewayStage } from './testing/gatewayStage.ts'
import { createWorkerSecrets } from './workers/workerKey.ts'

const idle = { command: ['/bin/sh', '-c', 'sleep 600'], concurrency: 2 }
let stage: GatewayStage
let door: string
const keys: string[] = []

beforeAll(async () => {
  stage = await startGatewayStage([
    endpoint({ id: 'a', minimumWorkers: 2, maximumWorkers: 2, ...idle }),
    endpoint({ id: 'b', minimumWorkers: 1, ...idle }),
  ])
  const running = async () => (await stage.driver.list()).map(({ key }) => key).sort()
  keys.push(
    ...(await waitFor('three workers', async () => {
      const found = await running()
      return found.length === 3 ? found : undefined
    })),
  )
  door = `${stage.gateway().workerUrl()}/v2`
})
afterAll(() => stage.stop())

const secretOf = (key: string): string =>
  createWorkerSecrets(loadSecretKey(join(stage.folder, 'worker.key'))).secretOf(key)

async function call(path: string, as: string, body?: string) {
  const method = body === undefined ? {} : { method: 'POST', body }
  const headers = { authorization: secretOf(as), 'content-type': 'application/x-www-form-urlencoded' }
  const response = await fetch(`${door}/${path}`, { headers, ...method })
  return { status: response.status, text: await response.text() }
}

async function run(endpointId: string): Promise<string> {
  const response = await fetch(`${stage.url()}/${endpointId}/run`, {
    method: 'POST',
    headers: { authorization: 'Bearer 1:1' },
    body: '{"input":{"secret":"of the payer"}}',
  })
  return ((await response.json()) as { id: string }).id
}

async function statusOf(endpointId: string, id: string) {
  const headers = { authorization: 'Bearer 1:1' }
  return await (await fetch(`${stage.url()}/${endpointId}/status/${id}`, { headers })).json()
}

const take = async (endpointId: string, key: string) =>
  JSON.parse((await call(`${endpointId}/job-take/${key}?by=test&job_in_progress=0`, key)).text) as {
    id: string
  }

describe('attack: at the door for workers', () => {
  it.each(['', 'Bearer ', 'wrong', `${'0'.repeat(64)}`, 'x'.repeat(8_000)])(
    'no secret but its own opens it to a worker: %#',
    async secret => {
      const [first] = keys
      const response = await fetch(`${door}/a/job-take/${first}?by=test`, {
        headers: { authorization: secret },
      })
      expect([response.status, await response.json()]).toEqual([
        401,
        { error: 'No such worker, or not its secret' },
      ])
    },
  )

  it('the secret of one worker opens nothing to another, nor to one that does not exist', async () => {
    const [first, second] = keys as [string, string]
    expect((await call(`a/job-take/${second}?by=test`, first)).status).toBe(401)
    expect((await call('a/job-take/worker-a-999999?by=test', 'worker-a-999999')).status).toBe(401)
  })

  it('a worker takes no jobs of another endpoint', async () => {
    const [first] = keys as [string]
    expect((await call(`b/job-take/${first}?by=test`, first)).status).toBe(401)
  })

  it('a worker ends, streams to and shows progress of no job but its own', async () => {
    const [first, second] = keys as [string, string]
    await run('a')
    const { id } = await take('a', first)
    for (const [path, body] of [
      [`a/job-done/${second}/${id}?by=test&isStream=false`, '{"output":"forged"}'],
      [`a/job-done/${second}/${id}?by=test&isStream=false`, '{"status":"IN_PROGRESS","output":"forged"}'],
      [`a/job-stream/${second}/${id}?by=test&isStream=false`, '{"output":"forged"}'],
    ] as const) {
      expect(await call(path, second, body)).toEqual({ status: 200, text: '{"status":"ignored"}' })
    }
    expect(await statusOf('a', id)).not.toHaveProperty('output')
    await call(`a/job-done/${first}/${id}?by=test&isStream=false`, first, '{"output":"mine"}')
    await call(`a/job-done/${first}/${id}?by=test&isStream=false`, first, '{"error":"changed my mind"}')
    expect(await statusOf('a', id)).toMatchObject({ status: 'COMPLETED', output: 'mine' })
  })

  it('a worker gets no more jobs at once than its endpoint gives it', async () => {
    const [, second] = keys as [string, string]
    const ids = await Promise.all([1, 2, 3, 4].map(() => run('a')))
    const { text } = await call(`a/job-take-batch/${second}?by=test&batch_size=1000`, second)
    expect(JSON.parse(text)).toHaveLength(2)
    for (const { id } of JSON.parse(text))
      await call(`a/job-done/${second}/${id}?by=test&isStream=false`, second, '{}')
    expect(ids).toHaveLength(4)
  })

  it.each(['', '[]', 'null', '{"output":', `{"output":${'['.repeat(5_000)}`, '\u0000'])(
    'a result that cannot be read ends its job in words, and nothing else: %#',
    async body => {
      const [, , third] = keys as [string, string, string]
      await run('b')
      const { id } = await take('b', third)
      await call(`b/job-done/${third}/${id}?by=test&isStream=false`, third, body)
      expect(await statusOf('b', id)).toMatchObject({
        status: 'FAILED',
        error: expect.stringMatching(/cannot be read/),
      })
    },
  )

  it('a result that is too large ends its job in words, before it is read', async () => {
    const [, , third] = keys as [string, string, string]
    await run('b')
    const { id } = await take('b', third)
    const body = `{"output":"${'x'.repeat(21 * 1024 * 1024)}"}`
    await call(`b/job-done/${third}/${id}?by=test&isStream=false`, third, body).catch(() => undefined)
    expect(await statusOf('b', id)).toMatchObject({
      status: 'FAILED',
      error: expect.stringMatching(/larger than/),
    })
  })

  it('a ping that forgets a job three times gives it to another worker', async () => {
    const [, , third] = keys as [string, string, string]
    await run('b')
    const { id } = await take('b', third)
    const ping = (named: string) => call(`b/ping/${third}?runpod_version=1.12.0&job_id=${named}`, third)
    for (const named of [id, '', '', id, '', '']) await ping(named)
    expect(await statusOf('b', id)).toMatchObject({ status: 'IN_PROGRESS' })
    await ping('')
    expect(await statusOf('b', id)).toMatchObject({ status: 'IN_QUEUE', retries: 1 })
  })
})
