// A site that a daemon serves beside JSON-RPC: within the door's limits, and with answers of its own.
import { connect } from 'node:net'
import pino from 'pino'
import { Registry } from 'prom-client'
import { afterEach, expect, it } from 'vitest'
import { createDispatcher } from '../jsonRpc/dispatcher.ts'
import { accept } from '../result.ts'
import { createHttpServer, type HttpServer, type HttpServerOptions } from './server.ts'
import type { Site } from './site.ts'

const logger = pino({ level: 'silent' })
const running: HttpServer[] = []

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop()
})

async function serve(
  answer: Site['answer'],
  limits: Partial<Pick<HttpServerOptions, 'callsPerSecond' | 'bytesPerSecond' | 'maxBodyBytes'>> = {},
): Promise<HttpServer> {
  const site: Site = {
    path: '/site',
    answer,
    refuse: (status, message) => Response.json({ refused: message }, { status }),
  }
  const server = createHttpServer({
    host: '127.0.0.1',
    port: 0,
    dispatcher: createDispatcher({
      methods: { echo: params => accept(params) },
      maxBatchLength: 10,
      batchConcurrency: 4,
      logger,
    }),
    registry: new Registry(),
    health: () => ({ healthy: true, checks: {} }),
    maxBodyBytes: limits.maxBodyBytes ?? 1_000,
    maxConnections: 64,
    callsPerSecond: limits.callsPerSecond ?? 0,
    bytesPerSecond: limits.bytesPerSecond ?? 0,
    trustedProxies: [],
    sites: [site],
    clock: { now: () => 0 },
    logger,
  })
  await server.start()
  running.push(server)
  return server
}

const told: Site['answer'] = async request =>
  Response.json({ method: request.method, path: new URL(request.url).pathname, body: await request.text() })

it('serves all below its path, with every method, and nothing beside it', async () => {
  const server = await serve(told)
  const ask = async (path: string, init?: RequestInit) => await fetch(server.url() + path, init)
  expect(await (await ask('/site')).json()).toEqual({ method: 'GET', path: '/site', body: '' })
  expect(await (await ask('/site/a/b', { method: 'PUT', body: 'x' })).json()).toEqual({
    method: 'PUT',
    path: '/site/a/b',
    body: 'x',
  })
  expect(await (await ask('/site/a', { method: 'OPTIONS' })).json()).toMatchObject({ method: 'OPTIONS' })
  expect((await ask('/sites')).status).toBe(404)
})

it('answers pages of other origins only where it says so itself', async () => {
  const server = await serve(told)
  const origin = { headers: { origin: 'https://evil.example' } }
  const site = await fetch(`${server.url()}/site`, origin)
  expect(site.headers.get('access-control-allow-origin')).toBeNull()
  const rpc = await fetch(`${server.url()}/health`, origin)
  expect(rpc.headers.get('access-control-allow-origin')).toBe('*')
})

it('hears of no body that is larger than the door lets in, whether its length is told or not', async () => {
  const heard: string[] = []
  const server = await serve(async request => {
    heard.push(await request.text())
    return new Response('heard')
  })
  const large = 'x'.repeat(1_001)
  const told = await fetch(`${server.url()}/site`, { method: 'POST', body: large })
  expect(told.status).toBe(413)
  expect(await told.json()).toEqual({ refused: 'The body is larger than 1000 bytes' })
  const untold = await fetch(`${server.url()}/site`, {
    method: 'POST',
    body: ReadableStream.from([new TextEncoder().encode(large)]),
    duplex: 'half',
  } as RequestInit)
  expect(untold.status).toBe(413)
  expect(heard).toEqual([])
})

it('counts what a caller asks and sends as the door does', async () => {
  const server = await serve(told, { callsPerSecond: 1, bytesPerSecond: 500 })
  const post = async () => await fetch(`${server.url()}/site`, { method: 'POST', body: 'x'.repeat(600) })
  expect((await post()).status).toBe(200)
  const bytes = await post()
  expect([bytes.status, await bytes.json()]).toEqual([
    429,
    { refused: 'Too many bytes from your address: try again in a second' },
  ])
  const calls = await fetch(`${server.url()}/site`)
  expect([calls.status, await calls.json()]).toEqual([
    429,
    { refused: expect.stringContaining('Too many requests') },
  ])
})

it('finishes what it is in the middle of before the door is shut', async () => {
  let open = (): void => undefined
  const order: string[] = []
  const server = await serve(async () => {
    order.push('begun')
    await new Promise<void>(resolve => {
      open = resolve
    })
    order.push('ended')
    return new Response('done')
  })
  const socket = connect(Number(new URL(server.url()).port), '127.0.0.1')
  socket.write('GET /site HTTP/1.1\r\nHost: door\r\n\r\n')
  while (order.length === 0) await new Promise(resolve => setTimeout(resolve, 5))
  socket.destroy()
  const stopped = server.stop().then(() => order.push('shut'))
  await new Promise(setImmediate)
  open()
  await stopped
  expect(order).toEqual(['begun', 'ended', 'shut'])
})
