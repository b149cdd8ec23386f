import { connect, type Socket } from 'node:net'
import pino from 'pino'
import { Registry } from 'prom-client'
import { afterEach, describe, expect, it } from 'vitest'
import { exitCodes } from '../cli/exitCodes.ts'
import { createDispatcher } from '../jsonRpc/dispatcher.ts'
import { accept, refuse } from '../result.ts'
import { createHttpServer, type HttpServer, type HttpServerOptions } from './server.ts'

const logger = pino({ level: 'silent' })
/** What a second allows is not to be more where the machine is slow. */
const still = { now: () => 0 }
const running: HttpServer[] = []
const sockets: Socket[] = []

type Limits = Partial<
  Pick<HttpServerOptions, 'callsPerSecond' | 'bytesPerSecond' | 'maxConnections' | 'trustedProxies'>
>

async function serve(limits: Limits = {}): Promise<HttpServer> {
  const server = createHttpServer({
    host: '127.0.0.1',
    port: 0,
    dispatcher: createDispatcher({
      methods: {
        echo: params => accept(params),
        no: () => refuse({ code: -32500, message: 'AA23 reverted', data: { why: 'because' } }),
        broken: () => {
          throw new Error('the key is 0xdeadbeef')
        },
      },
      maxBatchLength: 100,
      batchConcurrency: 4,
      logger,
    }),
    registry: new Registry(),
    health: () => ({ healthy: false, checks: { node: 'silent for 40 s' } }),
    maxBodyBytes: 1_000_000,
    maxConnections: limits.maxConnections ?? 4096,
    callsPerSecond: limits.callsPerSecond ?? 0,
    bytesPerSecond: limits.bytesPerSecond ?? 0,
    trustedProxies: limits.trustedProxies ?? [],
    clock: still,
    logger,
  })
  await server.start()
  running.push(server)
  return server
}

async function post(
  server: HttpServer,
  body: unknown,
): Promise<{ status: number; answer: ReturnType<typeof JSON.parse> }> {
  const response = await fetch(server.url(), {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const answer = await response.text()
  return { status: response.status, answer: answer === '' ? undefined : JSON.parse(answer) }
}

function call(method: string, id: unknown = 1): object {
  return { jsonrpc: '2.0', id, method, params: [id] }
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const server of running.splice(0)) await server.stop()
})

describe('the HTTP door', () => {
  it('answers single calls, batches in order, and nothing to notifications', async () => {
    const server = await serve()
    expect((await post(server, call('echo'))).answer).toEqual({ jsonrpc: '2.0', id: 1, result: [1] })
    const { answer } = await post(server, [
      call('echo', 1),
      call('no', 2),
      { jsonrpc: '2.0', method: 'echo' },
      7,
    ])
    expect(answer).toEqual([
      { jsonrpc: '2.0', id: 1, result: [1] },
      { jsonrpc: '2.0', id: 2, error: { code: -32500, message: 'AA23 reverted', data: { why: 'because' } } },
      { jsonrpc: '2.0', id: null, error: { code: -32600, message: expect.stringContaining('request') } },
    ])
    expect((await post(server, { jsonrpc: '2.0', method: 'echo' })).status).toBe(204)
  })

  it('tells malformed bodies from unknown methods', async () => {
    const server = await serve()
    expect((await post(server, '{')).answer.error.code).toBe(-32700)
    expect((await post(server, { id: 1, method: 'echo' })).answer.error.message).toContain(
      'jsonrpc must be "2.0"',
    )
    expect((await post(server, call('nothing'))).answer.error).toMatchObject({
      code: -32601,
      message: expect.stringContaining('nothing'),
    })
  })

  it('says no more of a bug than that it happened', async () => {
    const { answer } = await post(await serve(), call('broken'))
    expect(answer.error.code).toBe(-32603)
    expect(JSON.stringify(answer)).not.toContain('deadbeef')
  })

  it('goes on serving after a 10 MB body, a 10,000-element batch and 1,000 idle connections', async () => {
    const server = await serve()
    const tooLarge = await post(server, JSON.stringify(call('echo', 'x'.repeat(10_000_000)))).catch(
      () => undefined,
    )
    expect(tooLarge?.status ?? 413).toBe(413)
    const tooMany = await post(
      server,
      Array.from({ length: 10_000 }, (_, id) => call('echo', id)),
    )
    expect(tooMany.answer.error).toMatchObject({
      code: -32005,
      message: expect.stringContaining('at most 100'),
    })
    const { hostname, port } = new URL(server.url())
    for (let count = 0; count < 1_000; count++) {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => undefined)
      sockets.push(socket)
    }
    expect((await post(server, call('echo'))).answer.result).toEqual([1])
  })

  it('slows one caller down once its bucket is empty, counting each call of a batch', async () => {
    const server = await serve({ callsPerSecond: 10 })
    const batch = (length: number) => Array.from({ length }, (_, id) => call('echo', id))
    expect((await post(server, batch(20))).answer).toHaveLength(20)
    expect((await post(server, batch(20))).answer.error.code).toBe(-32005)
  })

  it('reports its health with reasons, and where it serves what', async () => {
    const server = await serve()
    const health = await fetch(`${server.url()}/health`)
    expect(health.status).toBe(503)
    expect(await health.json()).toEqual({ healthy: false, checks: { node: 'silent for 40 s' } })
    const lost = await fetch(`${server.url()}/nowhere`)
    expect(lost.status).toBe(404)
    expect(await lost.text()).toContain('/rpc')
  })

  it('says which port is taken, and ends such that a service manager tries again', async () => {
    const server = await serve()
    const port = Number(new URL(server.url()).port)
    const second = createHttpServer({ ...(await optionsAt(port)) })
    await expect(second.start()).rejects.toMatchObject({
      message: `the server cannot listen: port ${port} on 127.0.0.1 is in use: stop what uses it, or choose another with --port`,
      exitCode: exitCodes.unavailable,
    })
  })
})

async function optionsAt(port: number) {
  return {
    host: '127.0.0.1',
    port,
    dispatcher: createDispatcher({ methods: {}, maxBatchLength: 1, batchConcurrency: 1, logger }),
    registry: new Registry(),
    health: () => ({ healthy: true, checks: {} }),
    maxBodyBytes: 1,
    maxConnections: 1,
    callsPerSecond: 0,
    bytesPerSecond: 0,
    trustedProxies: [],
    clock: still,
    logger,
  }
}
