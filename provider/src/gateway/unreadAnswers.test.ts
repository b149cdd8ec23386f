// What a payer cannot do to the daemon's memory: have it hold result after result that he does not read.
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { endpoint, type GatewayStage, startGatewayStage } from './testing/gatewayStage.ts'

const command = [process.execPath, join(import.meta.dirname, 'testing/worker.mjs')]
const largeBytes = 18 * 1024 * 1024
const large = { input: { bytes: largeBytes } }
let stage: GatewayStage
const sockets: Socket[] = []

beforeAll(async () => {
  stage = await startGatewayStage([endpoint({ id: 'large', command })])
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await stage.stop()
})

function ask(path: string, token: string, body?: object): Promise<Response> {
  const method = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  return fetch(`${stage.url()}/large/${path}`, { headers: { authorization: `Bearer ${token}` }, ...method })
}

type Body = { readonly id: string; readonly status: string; readonly output?: string }

async function bodyOf(response: Promise<Response>): Promise<Body> {
  return (await (await response).json()) as Body
}

/** Resolves when its answer has begun; no more of it is read. */
async function askWithoutReading(path: string, token: string): Promise<void> {
  const { hostname, port } = new URL(stage.url())
  const socket = connect(Number(port), hostname)
  sockets.push(socket)
  socket.on('error', () => undefined)
  socket.write(`GET /v2/large/${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`)
  await new Promise(resolve => socket.once('readable', resolve))
}

it('attack: one payer asks for a large result again and again and reads none: he is refused, and nobody else is', async () => {
  const done = await bodyOf(ask('runsync', '1:1', large))
  for (const route of ['status', 'status-sync']) await askWithoutReading(`${route}/${done.id}`, '1:1')

  const refused = await ask(`status/${done.id}`, '1:1')
  expect([refused.status, await refused.json()]).toEqual([
    429,
    { error: expect.stringMatching(/not read yet: read the answers you have/) },
  ])
  // What he pays for meanwhile is done, and is not lost on him.
  const paid = await bodyOf(ask('runsync', '1:1', large))
  expect([paid.status, paid.output]).toEqual(['IN_PROGRESS', undefined])
  const other = await bodyOf(ask('runsync', '2:1', { input: { bytes: 1_000_000 } }))
  expect([other.status, other.output?.length]).toEqual(['COMPLETED', 1_000_000])

  for (const socket of sockets.splice(0)) socket.destroy()
  for (const { id } of [done, paid]) {
    const read = async () => (await bodyOf(ask(`status/${id}`, '1:1'))).output?.length
    await expect.poll(read).toBe(largeBytes)
  }
})
