import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { createPoster, TimeoutExceeded } from './poster.ts'

let server: Server
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

it('asks again on a new connection when the kept one was being closed', async () => {
  const used = new Set<Socket>()
  const url = await serve(({ socket }, response) => {
    if (used.has(socket)) return socket.destroy()
    used.add(socket)
    response.end('{}')
  })
  const post = createPoster(url, 5_000)
  expect(await post('first')).toMatchObject({ status: 200, text: '{}' })
  expect(await post('second')).toMatchObject({ status: 200, text: '{}' })
  expect(used.size).toBe(2)
})

it('fails where a new connection is closed without an answer', async () => {
  const url = await serve(({ socket }) => socket.destroy())
  await expect(createPoster(url, 5_000)('anything')).rejects.toThrow('socket hang up')
})

it('says that no answer came in time, also on a kept connection', async () => {
  let asked = 0
  const url = await serve((_, response) => {
    asked++
    if (asked === 1) response.end('{}')
  })
  const post = createPoster(url, 300)
  await post('first')
  await expect(post('second')).rejects.toThrow(TimeoutExceeded)
  expect(asked).toBe(2)
})
