import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { listenProblem } from './listenProblem.ts'

describe('the address a bundler listens on for others', () => {
  let server: Server | undefined
  afterEach(() => server?.close())

  it('will do where nobody listens yet', async () => {
    expect(await listenProblem('/ip4/127.0.0.1/tcp/0')).toBeUndefined()
  })
  it('is refused where another program listens', async () => {
    server = createServer()
    await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    expect(await listenProblem(`/ip4/127.0.0.1/tcp/${port}`)).toContain('is taken by another program')
  })
  it.each(['4340', '/dns4/example.org/tcp/4340', '/ip4/0.0.0.0/udp/4340', '/ip4/0.0.0.0/tcp/99999'])(
    'is refused with an example where it is not one: %s',
    async address => expect(await listenProblem(address)).toContain('/ip4/0.0.0.0/tcp/4340'),
  )
})
