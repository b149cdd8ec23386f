// The ports of a machine from outside: HTTP and WebSockets by a token, a browser by a cookie, and what is tried against it.
import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { stopLease } from '@worldland-aa/sdk/actions/lease/stopLease'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type AccessStage, startAccessStage } from '../support/accessStage.ts'
import { eventually } from '../support/eventually.ts'
import { workFolder } from '../support/workFolder.ts'

/** Answers with what it heard; streams at /stream, misbehaves at /bad, and echoes WebSocket frames as they are. */
const script = `
const { createServer } = require('http')
const { createHash } = require('crypto')
const server = createServer((incoming, outgoing) => {
  if (incoming.url === '/stream') { incoming.pipe(outgoing); return }
  if (incoming.url === '/bad') {
    outgoing.setHeader('set-cookie', ['worldland-lease=1.stolen; Path=/', 'own=1; Path=/; Domain=gpu.example; HttpOnly'])
    outgoing.setHeader('clear-site-data', '"cookies"')
    outgoing.setHeader('service-worker-allowed', '/')
    outgoing.setHeader('x-own', 'kept')
    outgoing.end('bad')
    return
  }
  let body = ''
  incoming.on('data', chunk => { body += chunk })
  incoming.on('end', () => {
    const { method, url, headers } = incoming
    outgoing.end(JSON.stringify({ method, url, headers, body }))
  })
})
server.on('upgrade', (incoming, socket) => {
  const key = createHash('sha1').update(incoming.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64')
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: ' + key + '\\r\\n\\r\\n')
  socket.on('error', () => {})
  socket.on('data', frame => {
    // Unmasked, as a server sends it; short frames alone.
    const length = frame[1] & 127
    if ((frame[0] & 15) !== 1) return socket.destroy()
    const mask = frame.subarray(2, 6)
    const text = frame.subarray(6, 6 + length).map((byte, index) => byte ^ mask[index % 4])
    socket.write(Buffer.concat([Buffer.from([129, length]), text]))
  })
})
server.listen(process.env.PORT_8000, '127.0.0.1')
`

type Lease = { readonly leaseId: bigint; readonly token: string; readonly base: string }
type Heard = { method: string; url: string; headers: Record<string, string>; body: string }

const folder = workFolder()
let stage: AccessStage
let lease: Lease

beforeAll(async () => {
  stage = await startAccessStage(folder)
  lease = await serve()
})
afterAll(async () => {
  await stage.stop()
})

async function serve(): Promise<Lease> {
  const { leaseId, access } = await stage.serve({ ports: [8000], command: [process.execPath, '-e', script] })
  const base = access.urls?.[0]?.url ?? ''
  const { token = '' } = access
  expect(base).toBe(`${stage.url}/leases/${leaseId}/ports/8000/`)
  const look = async () => (await fetch(base, { headers: bearer(token) })).status
  await eventually('the server in the machine', look, status => status === 200)
  return { leaseId, token, base }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

async function cookieOf({ leaseId, token }: Lease): Promise<string> {
  const answer = await fetch(`${stage.url}/leases/${leaseId}/browser`, {
    method: 'POST',
    headers: bearer(token),
  })
  expect(answer.status).toBe(200)
  const cookie = answer.headers.get('set-cookie') ?? ''
  expect(cookie).toContain('HttpOnly; SameSite=Strict')
  return cookie.split(';', 1)[0] ?? ''
}

/** The answer to bytes that no client library would send. */
async function sendRaw(text: string): Promise<string> {
  const { hostname, port } = new URL(stage.url)
  const socket = connect(Number(port), hostname)
  let answer = ''
  socket.on('data', chunk => {
    answer += chunk
  })
  socket.on('error', () => undefined)
  socket.write(text)
  await once(socket, 'close')
  return answer
}

describe('a port of the machine', () => {
  it('is reached by the token, with path, query and body as they were', async () => {
    const answer = await fetch(`${lease.base}a/b%20c?x=%2e%2e`, {
      method: 'POST',
      headers: bearer(lease.token),
      body: 'hello',
    })
    expect(await answer.json()).toMatchObject({ method: 'POST', url: '/a/b%20c?x=%2e%2e', body: 'hello' })
  })

  it('never hears the token, nor what is between a client and this door alone', async () => {
    const answer = await fetch(lease.base, {
      headers: { ...bearer(lease.token), 'x-forwarded-for': '1.2.3.4', te: 'trailers', 'x-own': 'kept' },
    })
    const { headers } = (await answer.json()) as Heard
    expect(JSON.stringify(headers)).not.toContain(lease.token)
    expect(headers).not.toHaveProperty('x-forwarded-for')
    expect(headers).not.toHaveProperty('te')
    expect(headers).toMatchObject({
      'x-own': 'kept',
      'x-forwarded-prefix': `/leases/${lease.leaseId}/ports/8000`,
      'x-forwarded-proto': 'http',
    })
  })

  it('streams: an answer begins while the request is still being sent', async () => {
    const { hostname, port, pathname } = new URL(`${lease.base}stream`)
    const options = { hostname, port, path: pathname, method: 'POST', headers: bearer(lease.token) }
    const sending = request(options)
    sending.write('first')
    const [answer] = await once(sending, 'response')
    const [chunk] = await once(answer, 'data')
    expect(chunk.toString()).toBe('first')
    const ended = once(answer, 'end')
    const following = once(answer, 'data')
    sending.end('last')
    const [rest] = await following
    expect(rest.toString()).toBe('last')
    await ended
  })

  it('carries WebSockets, which end when the right to the lease does', async () => {
    const own = await serve()
    const socket = new WebSocket(`${own.base.replace('http', 'ws')}socket`, { headers: bearer(own.token) })
    await once(socket, 'open')
    socket.send('echo')
    const [message] = await once(socket, 'message')
    expect(message.toString()).toBe('echo')
    const closed = once(socket, 'close')
    const { contracts, payer } = stage.market
    await stage.market.send(payer, stopLease.calls({ contracts, leaseId: own.leaseId, state: 'ready' }))
    await stage.nextBlock()
    await closed
    expect((await fetch(own.base, { headers: bearer(own.token) })).status).toBe(403)
  })

  it('says so when nothing listens there', async () => {
    const { leaseId, access } = await stage.serve({ ports: [9000] })
    const answer = await fetch(`${stage.url}/leases/${leaseId}/ports/9000/`, {
      headers: bearer(access.token ?? ''),
    })
    expect(answer.status).toBe(502)
    expect(await answer.json()).toMatchObject({ error: expect.stringContaining('is it listening') })
  })
})

describe('a browser', () => {
  it('is shown a page of ours that takes the token from behind the #, and loads nothing of strangers', async () => {
    const answer = await fetch(lease.base, { headers: { accept: 'text/html,*/*' } })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
    const page = await answer.text()
    const script = /src="([^"]+)"/.exec(page)?.[1] ?? ''
    const loaded = await fetch(`${stage.url}${script}`)
    expect(loaded.headers.get('content-type')).toContain('text/javascript')
  })

  it('goes in by its cookie, which the machine does not hear of', async () => {
    const cookie = await cookieOf(lease)
    const answer = await fetch(lease.base, {
      headers: { cookie: `own=1; ${cookie}`, authorization: 'Basic x' },
    })
    const { headers } = (await answer.json()) as Heard
    expect(headers).toMatchObject({ cookie: 'own=1', authorization: 'Basic x' })
  })

  it('attack: a page of another origin cannot use that cookie to change anything, read, or open a socket', async () => {
    const cookie = await cookieOf(lease)
    const foreign = { cookie, origin: 'https://evil.example' }
    expect((await fetch(lease.base, { method: 'POST', headers: foreign })).status).toBe(403)
    expect((await fetch(lease.base, { headers: foreign })).status).toBe(403)
    const socket = new WebSocket(`${lease.base.replace('http', 'ws')}socket`, { headers: foreign })
    const [error] = await once(socket, 'error')
    expect(error.message).toContain('403')
    const own = { cookie, origin: new URL(stage.url).origin }
    expect((await fetch(lease.base, { method: 'POST', headers: own })).status).toBe(200)
  })
})

describe('attack', () => {
  it('the token of another lease, or none, opens nothing', async () => {
    const other = await serve()
    expect((await fetch(lease.base, { headers: bearer(other.token) })).status).toBe(401)
    expect((await fetch(lease.base)).status).toBe(401)
    const cookie = (await cookieOf(other)).replace(/=\d+\./, `=${lease.leaseId}.`)
    expect((await fetch(lease.base, { headers: { cookie } })).status).toBe(401)
    const both = `${await cookieOf(lease)}; ${await cookieOf(other)}`
    expect((await fetch(lease.base, { headers: { cookie: both } })).status).toBe(401)
  })

  it('a port that was not asked for is not reached, were it the SSH door of this host', async () => {
    for (const port of [stage.access.sshPort(), 22, 8001]) {
      const answer = await fetch(`${stage.url}/leases/${lease.leaseId}/ports/${port}/`, {
        headers: bearer(lease.token),
      })
      expect(answer.status).toBe(404)
    }
  })

  it('a path that climbs out of its place leads nowhere, however its dots are written', async () => {
    const other = await serve()
    const prefix = `/leases/${lease.leaseId}/ports/8000`
    for (const path of [
      `${prefix}/../../../${other.leaseId}/ports/8000/`,
      `${prefix}/%2e%2e/%2E./${other.leaseId}/`,
      `${prefix}/..%2f..%2f${other.leaseId}`,
      `${prefix}/..\\..\\x`,
      `${prefix}/a/./b`,
      `http://evil.example${prefix}/`,
      `${prefix}@evil.example/`,
      `${prefix}0000000/`,
    ]) {
      const answer = await sendRaw(
        `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${lease.token}\r\nConnection: close\r\n\r\n`,
      )
      expect(answer, path).toMatch(/^HTTP\/1\.1 40[0134] /)
      expect(answer, path).not.toContain('"method"')
    }
  })

  it('a header smuggled past the door is not one for the machine', async () => {
    const place = `/leases/${lease.leaseId}/ports/8000/`
    const start = `Host: x\r\nAuthorization: Bearer ${lease.token}\r\n`
    const named = await sendRaw(
      `GET ${place} HTTP/1.1\r\n${start}Connection: close, X-Secret\r\nX-Secret: 1\r\nProxy-Authorization: x\r\n\r\n`,
    )
    expect(named).toContain('200 OK')
    expect(named.toLowerCase()).not.toContain('"x-secret"')
    expect(named.toLowerCase()).not.toContain('"proxy-authorization"')
    const both = await sendRaw(
      `POST ${place} HTTP/1.1\r\n${start}Content-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n`,
    )
    expect(both).toMatch(/^HTTP\/1\.1 400 /)
    // A body whose length its method leaves open must not be read as a second request.
    const inner = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n'
    const deleted = await sendRaw(
      `DELETE ${place} HTTP/1.1\r\n${start}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`,
    )
    expect(deleted).toContain(JSON.stringify(inner))
    expect(deleted.match(/HTTP\/1\.1 200/g)).toHaveLength(1)
    const folded = await sendRaw(`GET ${place}%0d%0aX-Secret:1 HTTP/1.1\r\n${start}Connection: close\r\n\r\n`)
    expect(folded).toContain('"url":"/%0d%0aX-Secret:1"')
  })

  it("a machine's answer sets no cookie of ours, and nothing for the whole origin", async () => {
    const answer = await fetch(`${lease.base}bad`, { headers: bearer(lease.token) })
    expect(answer.headers.getSetCookie()).toEqual([
      `own=1; HttpOnly; Path=/leases/${lease.leaseId}/ports/8000/`,
    ])
    expect(answer.headers.has('clear-site-data')).toBe(false)
    expect(answer.headers.has('service-worker-allowed')).toBe(false)
    expect(answer.headers.get('x-own')).toBe('kept')
  })
})
