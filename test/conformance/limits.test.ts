// What a careless or hostile client can do to the door, and the node serves on.
import { connect, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startBundler } from '../support/bundler.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import type { Daemon } from '../support/daemon.ts'
import { post, resultOf } from '../support/rpc.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
let chain: TestChain
let bundler: Daemon

beforeAll(async () => {
  chain = await startTestChain()
  await chain.mineEvery(1)
  bundler = await startBundler({ rpcUrl: chain.rpcUrl, folder })
})
afterAll(async () => {
  await bundler?.stop()
  await chain?.stop()
})
afterEach(async () => {
  expect(await resultOf(bundler.url, 'eth_chainId')).toBe('0x67')
  expect((await fetch(`${bundler.url}/health`)).status).toBe(200)
})

const tenMegabytes = 10 * 1024 * 1024

describe('the node serves on after', () => {
  it('a body of 10 MB, which it refuses', async () => {
    const { status, answer } = await post(bundler.url, `"${'a'.repeat(tenMegabytes)}"`)
    expect(status).toBe(413)
    expect(answer.error).toMatchObject({ code: -32005, message: expect.stringContaining('262144') })
  })

  it('a body of 10 MB that does not tell its length', async () => {
    const chunk = new TextEncoder().encode('a'.repeat(64 * 1024))
    let sent = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent >= tenMegabytes) controller.close()
        else controller.enqueue(chunk)
        sent += chunk.length
      },
    })
    // Refused with 413, or cut off in mid-sentence: both are fair.
    const status = await fetch(bundler.url, { method: 'POST', body, duplex: 'half' } as RequestInit).then(
      response => response.status,
      () => 413,
    )
    expect(status).toBe(413)
  })

  it('a batch of 1,000 calls, which it refuses as a whole', async () => {
    const calls = Array.from({ length: 1_000 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'eth_chainId' }))
    const { answer } = await post(bundler.url, JSON.stringify(calls))
    expect(answer.error).toMatchObject({ code: -32005, message: expect.stringContaining('1000 calls') })
  })

  it('JSON nested 100,000 deep', async () => {
    const { answer } = await post(bundler.url, `${'['.repeat(100_000)}${']'.repeat(100_000)}`)
    expect(answer.error).toMatchObject({ code: -32005, message: expect.stringContaining('deeper') })
  })

  it('1,000 connections that say nothing, and while they are open', async () => {
    const sockets = await openSockets(1_000)
    expect(await resultOf(bundler.url, 'eth_chainId')).toBe('0x67')
    for (const socket of sockets) socket.destroy()
  })

  it('200 requests that never end, and while they drag on', async () => {
    const sockets = await openSockets(200)
    for (const socket of sockets) socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{')
    expect(await resultOf(bundler.url, 'eth_chainId')).toBe('0x67')
    for (const socket of sockets) socket.destroy()
  })
})

async function openSockets(count: number): Promise<readonly Socket[]> {
  const { hostname, port } = new URL(bundler.url)
  const open = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => resolve(socket))
      socket.once('error', reject)
    })
  return await Promise.all(Array.from({ length: count }, open))
}
