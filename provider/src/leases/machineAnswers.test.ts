import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Machine } from '../machines/machineDriver.ts'
import { machineAnswers } from './machineAnswers.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function machineOf(server: Server, state: Machine['state'] = 'running'): Promise<Machine> {
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    ...{ key: 'lease-1', owner: 'lease', state, workspace: '/', startedAtMilliseconds: 0 },
    ports: { 8000: { host: '127.0.0.1', port } },
  }
}

describe('a machine answers', () => {
  it('by HTTP with what is no error, redirects among it', async () => {
    let status = 503
    const machine = await machineOf(createServer((_, outgoing) => outgoing.writeHead(status).end()))
    const asked = { port: 8000, path: '/health' }
    expect(await machineAnswers(machine, asked)).toBe(false)
    for (status of [200, 302]) expect(await machineAnswers(machine, asked)).toBe(true)
  })

  it('at a bare port where the connection stays, or something is said', async () => {
    const silent = await machineOf(createTcpServer(() => undefined))
    const speaking = await machineOf(createTcpServer(socket => socket.end('SSH-2.0\r\n')))
    for (const machine of [silent, speaking]) expect(await machineAnswers(machine, { port: 8000 })).toBe(true)
  })

  it('not where an engine takes the connection and finds nobody, at another port, or while it stands still', async () => {
    const proxy = await machineOf(createTcpServer(socket => socket.destroy()))
    expect(await machineAnswers(proxy, { port: 8000 })).toBe(false)
    expect(await machineAnswers(proxy, { port: 9000 })).toBe(false)
    const frozen = await machineOf(
      createTcpServer(() => undefined),
      'frozen',
    )
    expect(await machineAnswers(frozen, { port: 8000 })).toBe(false)
    expect(await machineAnswers(undefined, { port: 8000 })).toBe(false)
  })

  it('not by HTTP that is none, or that never ends its head', async () => {
    const noise = await machineOf(createTcpServer(socket => socket.end('hello\n')))
    const endless = await machineOf(createTcpServer(socket => socket.write('HTTP/1.1 200 OK\r\n')))
    for (const machine of [noise, endless]) {
      expect(await machineAnswers(machine, { port: 8000, path: '/' })).toBe(false)
    }
  })
})
