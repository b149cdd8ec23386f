// What strangers do to a door: ask without listening, ask and go, ask much at once. Work is counted, not time.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import pino from 'pino'
import { Registry } from 'prom-client'
import { afterEach, describe, expect, it } from 'vitest'
import { createDispatcher } from '../jsonRpc/dispatcher.ts'
import { accept } from '../result.ts'
import { oneAtATime } from './oneAtATime.ts'
import { createHttpServer, type HttpServer, type HttpServerOptions } from './server.ts'

const logger = pino({ level: 'silent' })
/** What a second allows is not to be more where the machine is slow. */
const still = { now: () => 0 }
const running: HttpServer[] = []
const sockets: Socket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const server of running.splice(0)) await server.stop()
})

/** A door with a method that begins and ends when the test says so. */
async function openDoor(limits: Partial<HttpServerOptions> = {}) {
  const begun: unknown[] = []
  let open = (): void => undefined
  const gate = new Promise<void>(resolve => {
    open = resolve
  })
  let healthChecks = 0
  const registry = new Registry()
  const server = createHttpServer({
    host: '127.0.0.1',
    port: 0,
    dispatcher: createDispatcher({
      methods: {
        async work([name]) {
          begun.push(name)
          await gate
          return accept(name)
        },
        who: (_, { caller }) => accept(caller),
        echo: params => accept(params),
      },
      maxBatchLength: 100,
      batchConcurrency: 4,
      logger,
    }),
    registry,
    async health() {
      healthChecks++
      await new Promise(setImmediate)
      return { healthy: true, checks: {} }
    },
    maxBodyBytes: 100_000,
    maxConnections: 4_096,
    callsPerSecond: 0,
    bytesPerSecond: 0,
    trustedProxies: [],
    clock: still,
    logger,
    ...limits,
  })
  await server.start()
  running.push(server)
  return { server, begun, open: () => open(), healthChecks: () => healthChecks, registry }
}

async function connectTo(url: string): Promise<{ socket: Socket; heard: () => string }> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  sockets.push(socket)
  let text = ''
  socket.on('error', () => undefined)
  socket.on('data', chunk => {
    text += chunk.toString()
  })
  await once(socket, 'connect')
  return { socket, heard: () => text }
}

function call(method: string, ...params: unknown[]): object {
  return { jsonrpc: '2.0', id: 1, method, params }
}

function request(body: string, path = '/'): string {
  return `POST ${path} HTTP/1.1\r\nHost: door\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(url, { method: 'POST', body: text, headers })
  return { status: response.status, answer: JSON.parse(await response.text()) }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 5))
}

/** Long enough for what was sent before to have come: a whole exchange on a socket of its own. */
async function passedBy(url: string): Promise<void> {
  for (let round = 0; round < 3; round++) await post(url, call('echo'))
}

describe('a stranger at the door', () => {
  it('who sends requests ahead has one at a time carried out, and each answered in turn', async () => {
    const { server, begun, open } = await openDoor()
    const { socket, heard } = await connectTo(server.url())
    for (const name of ['one', 'two', 'three']) socket.write(request(JSON.stringify(call('work', name))))
    await until(() => begun.length > 0)
    await passedBy(server.url())
    expect(begun).toEqual(['one'])
    open()
    await until(() => heard().includes('three'))
    expect(begun).toEqual(['one', 'two', 'three'])
    expect([...heard().matchAll(/"result":"(\w+)"/g)].map(match => match[1])).toEqual(['one', 'two', 'three'])
  })

  it('who sends requests ahead is not read on until he is answered', async () => {
    const { server, begun } = await openDoor()
    const { socket } = await connectTo(server.url())
    const ahead = request(JSON.stringify(call('work', 'x'.repeat(50_000))))
    socket.write(ahead)
    await until(() => begun.length > 0)
    // More than a connection on this machine holds on its way.
    for (let count = 0; count < 400; count++) socket.write(ahead)
    await passedBy(server.url())
    expect(socket.writableLength).toBeGreaterThan(0)
    expect(begun).toHaveLength(1)
  })

  it('who sends a packet of small requests is closed, and but the first is carried out', async () => {
    const { server, begun, open, registry } = await openDoor()
    const { socket } = await connectTo(server.url())
    socket.write(request(JSON.stringify(call('work', 'small'))).repeat(100))
    await once(socket, 'close')
    open()
    await passedBy(server.url())
    expect(begun.length).toBeLessThanOrEqual(1)
    expect(await registry.metrics()).toContain('door_turned_away_total{reason="pipelining"} 1')
  })

  it('who goes has what was not begun for him dropped', async () => {
    const { server, begun, open } = await openDoor()
    const { socket } = await connectTo(server.url())
    socket.write(request(JSON.stringify(Array.from({ length: 50 }, (_, index) => call('work', index)))))
    await until(() => begun.length > 0)
    socket.destroy()
    await passedBy(server.url())
    open()
    await passedBy(server.url())
    expect(begun).toHaveLength(4)
  })

  it('who goes has what was begun for him ended before the door is shut', async () => {
    const { server, begun, open } = await openDoor()
    const { socket } = await connectTo(server.url())
    socket.write(request(JSON.stringify(call('work', 'a write'))))
    await until(() => begun.length > 0)
    socket.destroy()
    const order: string[] = []
    const stopped = server.stop().then(() => order.push('shut'))
    for (let turn = 0; turn < 50; turn++) await new Promise(resolve => setTimeout(resolve, 1))
    order.push('ended')
    open()
    await stopped
    expect(order).toEqual(['ended', 'shut'])
  })

  it('who does not read his answer is closed', async () => {
    const closed: string[] = []
    const asked = createServer(
      oneAtATime((_, outgoing) => void outgoing.end(Buffer.alloc(20_000_000)), {
        answerMilliseconds: 100,
        onClosed: reason => void closed.push(reason),
      }),
    )
    const port = await listening(asked)
    const { socket } = await connectTo(`http://127.0.0.1:${port}`)
    socket.pause()
    socket.write('GET / HTTP/1.1\r\nHost: door\r\n\r\n')
    await until(() => closed.length > 0)
    expect(closed).toEqual(['unread'])
    asked.close()
  })

  it('who asks for health and metrics may do so as often as he may call, and none the less when he calls', async () => {
    for (const path of ['/health', '/metrics', '/nowhere']) {
      const { server } = await openDoor({ callsPerSecond: 1 })
      await post(server.url(), [call('echo'), call('echo')])
      const statuses: number[] = []
      for (let count = 0; count < 3; count++) statuses.push((await fetch(server.url() + path)).status)
      expect(statuses[2], path).toBe(429)
      expect(statuses[0], path).not.toBe(429)
    }
  })

  it('has one look at health shared among all who ask at once', async () => {
    const { server, healthChecks } = await openDoor()
    const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(`${server.url()}/health`)))
    expect(answers.map(({ status }) => status)).toEqual(new Array(20).fill(200))
    expect(healthChecks()).toBe(1)
  })

  it('who sends what is no JSON is counted as if it were', async () => {
    const { server } = await openDoor({ callsPerSecond: 1 })
    const codes: number[] = []
    for (const body of ['{', '[]', '{']) codes.push((await post(server.url(), body)).answer.error.code)
    expect(codes).toEqual([-32700, -32600, -32005])
  })

  it('may nest no deeper, and send no more values, than any call needs', async () => {
    const { server } = await openDoor()
    const deep = (levels: number) =>
      JSON.stringify(call('echo')).replace('[]', '['.repeat(levels) + ']'.repeat(levels))
    expect((await post(server.url(), deep(31))).answer.result).toBeDefined()
    expect((await post(server.url(), deep(32))).answer.error).toMatchObject({
      code: -32005,
      message: expect.stringContaining('deeper than 32 levels'),
    })
    const many = call('echo', new Array(20_000).fill(1))
    expect((await post(server.url(), many)).answer.error).toMatchObject({
      code: -32005,
      message: expect.stringContaining('more than 10000 values'),
    })
  })

  it('may send so many bytes a second', async () => {
    const { server } = await openDoor({ bytesPerSecond: 10_000 })
    const body = call('echo', 'x'.repeat(15_000))
    expect((await post(server.url(), body)).status).toBe(200)
    const second = await post(server.url(), body)
    expect(second.status).toBe(429)
    expect(second.answer.error).toMatchObject({
      code: -32005,
      message: expect.stringContaining('again in a second'),
    })
  })

  it('may hold a quarter of all connections', async () => {
    const { server } = await openDoor({ maxConnections: 8 })
    const kept = await connectTo(server.url())
    await connectTo(server.url())
    const third = await connectTo(server.url())
    if (!third.socket.destroyed) await once(third.socket, 'close')
    kept.socket.write(request(JSON.stringify(call('echo', 'still here'))))
    await until(() => kept.heard().includes('still here'))
  })
})

describe('behind a proxy', () => {
  const from = (address: string) => ({ 'x-forwarded-for': address })

  it('each caller has limits of his own where the operator trusts the proxy', async () => {
    const { server } = await openDoor({ trustedProxies: ['127.0.0.0/8'], callsPerSecond: 1 })
    for (let index = 1; index < 6; index++) {
      const address = `198.51.100.${index}`
      expect((await post(server.url(), call('who'), from(address))).answer.result).toBe(address)
    }
    expect(
      (await post(server.url(), [call('who'), call('who')], from('198.51.100.1'))).answer.error.code,
    ).toBe(-32005)
  })

  it('all have the limits of one where he does not, whatever they write', async () => {
    const { server } = await openDoor({ callsPerSecond: 1 })
    const answers: unknown[] = []
    for (let index = 1; index < 4; index++) {
      answers.push((await post(server.url(), call('who'), from(`198.51.100.${index}`))).answer)
    }
    expect(answers[0]).toMatchObject({ result: '127.0.0.1' })
    expect(answers[2]).toMatchObject({ error: { code: -32005 } })
  })
})

async function listening(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
