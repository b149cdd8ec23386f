// The door that strangers come through: what no part has to hear of.
import { request } from 'node:http'
import { connect } from 'node:net'
import { systemClock } from '@worldland-aa/service/clock'
import { createCallers } from '@worldland-aa/service/http/callers'
import { createLogger } from '@worldland-aa/service/logger'
import { Outage } from '@worldland-aa/service/outage'
import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { afterEach, expect, it } from 'vitest'
import type { Listener } from './listener.ts'
import { createPublicDoor, type PublicDoorOptions } from './publicDoor.ts'
import type { DoorEnvironment } from './routeGroup.ts'

let door: Listener
afterEach(() => door.stop())

async function open(options: Partial<PublicDoorOptions> = {}): Promise<string> {
  const app = new Hono<DoorEnvironment>()
  app.post('/echo', async context => context.text(await context.req.text()))
  app.get('/slow', context =>
    stream(context, async out => {
      await out.write('begun ')
      await out.sleep(300)
      await out.write('ended')
    }),
  )
  app.get('/broken', () => {
    throw new Error('a secret of this house')
  })
  app.get('/outage', () => {
    throw new Outage('The disk does not take it: try again', 'the disk at /house/secret is full')
  })
  door = createPublicDoor({
    ...{ host: '127.0.0.1', port: 0, maxBodyBytes: 1_000, maxConnections: 64, callsPerSecond: 0 },
    groups: [
      {
        path: '/v2',
        app,
        upgrade: (_, socket) => void socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
      },
    ],
    callers: createCallers([]),
    turnedAway: () => undefined,
    clock: systemClock,
    logger: createLogger({ name: 'test', level: 'silent' }),
    ...options,
  })
  await door.start()
  return door.url()
}

async function upgrade(url: string, path: string): Promise<string> {
  const { port } = new URL(url)
  return await new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1')
    let text = ''
    socket.on('data', chunk => {
      text += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(text.split('\r\n', 1)[0] ?? ''))
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
  })
}

it('hands a path of a part to it, and says 404 for any other', async () => {
  const url = await open()
  expect(await (await fetch(`${url}/v2/echo`, { method: 'POST', body: 'hello' })).text()).toBe('hello')
  expect((await fetch(`${url}/v3`)).status).toBe(404)
  expect((await fetch(`${url}/health`)).status).toBe(404)
})

it('lets an answer come piece by piece', async () => {
  const url = await open()
  expect(await (await fetch(`${url}/v2/slow`)).text()).toBe('begun ended')
})

it('refuses a body that is too large, or of unknown length, before it is read', async () => {
  const url = await open()
  const large = await fetch(`${url}/v2/echo`, { method: 'POST', body: 'x'.repeat(1_001) })
  expect(large.status).toBe(413)
  const status = await new Promise(resolve => {
    const asked = request(`${url}/v2/echo`, { method: 'POST' }, answer => resolve(answer.statusCode))
    asked.on('error', () => resolve('cut off'))
    asked.write('x'.repeat(10))
    asked.end('x')
  })
  expect(status).toBe(411)
})

it('turns a caller away who asks too often, for pages and for WebSockets alike', async () => {
  const url = await open({ callsPerSecond: 2 })
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => fetch(`${url}/v2/echo`, { method: 'POST' })),
  )
  expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(6)
  expect(await upgrade(url, '/v2/socket')).toContain('429')
})

it('hands a WebSocket to the part whose path it asks for, and closes any other', async () => {
  const url = await open()
  expect(await upgrade(url, '/v2/socket')).toContain('101')
  expect(await upgrade(url, '/v20')).toContain('404')
})

it('tells a stranger nothing of what failed inside', async () => {
  const url = await open()
  const answer = await fetch(`${url}/v2/broken`)
  expect(answer.status).toBe(500)
  expect(await answer.text()).toBe('{"error":"Internal error"}')
})

it('tells whoever asks during an outage to come again, in the words meant for him', async () => {
  const url = await open()
  const answer = await fetch(`${url}/v2/outage`)
  expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([
    ...[503, '5', { error: 'The disk does not take it: try again' }],
  ])
})
