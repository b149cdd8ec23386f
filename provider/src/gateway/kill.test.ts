// The gateway is killed (kill -9) in the middle of jobs, again and again: what it acknowledged is done once, by workers that
// go on meanwhile.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@worldland-aa/service/testing/startAnvil'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findHostTools } from '../machines/process/hostTools.ts'
import { createProcessDriver } from '../machines/process/processDriver.ts'
import { endpoint } from './testing/gatewayStage.ts'

const headers = { authorization: 'Bearer 1:1', 'content-type': 'application/json' }
let folder: string
let daemon: ChildProcess | undefined
let url: string
let ports: readonly number[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-kill-'))
  ports = [await freePort(), await freePort()]
})
afterEach(async () => {
  await kill()
  const tools = findHostTools()
  if (!tools.ok) throw new Error(tools.refusal.message)
  const machinesFolder = join(folder, 'machines')
  const driver = createProcessDriver({ machinesFolder, tools: tools.value, onTrouble: () => undefined })
  for (const { key } of await driver.list()) await driver.wipe(key)
  await driver.close()
  rmSync(folder, { recursive: true, force: true })
})

it('a gateway that is killed again and again does every job that it acknowledged once', async () => {
  await start()
  const ids = new Set<string>()
  ids.add(await run({}))
  for (const id of ids) await over(id)
  for (let life = 0; life < 4; life++) {
    const asked = Array.from({ length: 12 }, (_, at) => run({ life, at, milliseconds: 100 + 200 * (at % 4) }))
    // Some hear of the kill rather than of an acknowledgement.
    await Promise.race([Promise.allSettled(asked), sleep(50)])
    const awaited = Promise.allSettled(Array.from({ length: 4 }, (_, at) => runSync({ life, awaited: at })))
    await sleep(200 * (life + 1))
    await kill()
    for (const one of await Promise.allSettled(asked)) if (one.status === 'fulfilled') ids.add(one.value)
    await start()
    for (const one of await awaited) {
      if (one.status === 'fulfilled') expect(await over(one.value.id)).toMatchObject(one.value)
    }
  }
  for (let at = 0; at < 12; at++) ids.add(await run({ at }))
  for (const id of ids) {
    expect(await over(id)).toMatchObject({ id, status: 'COMPLETED' })
  }
  expect(ids.size).toBeGreaterThan(12)
})

async function start(): Promise<void> {
  const script = new URL('../../dist/gateway/testing/gatewayProcess.js', import.meta.url).pathname
  const command = [process.execPath, join(import.meta.dirname, 'testing/worker.mjs')]
  const served = endpoint({
    id: 'work',
    command,
    concurrency: 4,
    environment: { JOBS_AT_ONCE: '4', PING_MILLISECONDS: '500' },
    maximumWorkers: 2,
  })
  const [workerPort, publicPort] = ports
  const options = { folder, workerPort, publicPort, endpoints: [served] }
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  daemon = child
  url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(JSON.parse(line.toString()).url))
    child.once('exit', code => reject(new Error(`The gateway ended with ${code}`)))
  })
}

async function kill(): Promise<void> {
  if (daemon === undefined || daemon.exitCode !== null) return
  const gone = new Promise(resolve => daemon?.once('exit', resolve))
  daemon.kill('SIGKILL')
  await gone
  daemon = undefined
}

async function run(input: object): Promise<string> {
  const body = JSON.stringify({ input })
  const response = await fetch(`${url}/work/run`, { method: 'POST', headers, body })
  return ((await response.json()) as { id: string }).id
}

/** What its caller was answered; of one that broke off nobody was told, and it may be gone. */
async function runSync(input: object): Promise<{ readonly id: string; readonly output: unknown }> {
  const body = JSON.stringify({ input })
  const response = await fetch(`${url}/work/runsync`, { method: 'POST', headers, body })
  const { id, output } = (await response.json()) as { readonly id: string; readonly output: unknown }
  return { id, output }
}

async function over(id: string): Promise<unknown> {
  for (;;) {
    const response = await fetch(`${url}/work/status-sync/${id}?wait=5000`, { headers })
    const answer = (await response.json()) as { status: string }
    if (!/^IN_/.test(answer.status)) return answer
  }
}
