import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLogger } from '@worldland-aa/service/logger'
import { createRegistry } from '@worldland-aa/service/metrics'
import { afterEach, expect, it, vi } from 'vitest'
import { createPaymasterWatch, type PaymasterWatch } from './paymasterWatch.ts'

let server: Server | undefined
let watch: PaymasterWatch | undefined
let log: string[]
let registry: ReturnType<typeof createRegistry>

afterEach(async () => {
  vi.useRealTimers()
  await watch?.stop()
  server?.closeAllConnections()
  await new Promise(resolve => (server === undefined ? resolve(undefined) : server.close(resolve)))
  server = undefined
})

/** Answers every call with `answer`. */
async function paymaster(answer: string, port = 0): Promise<string> {
  server = createServer((_, response) => response.end(answer))
  await new Promise<void>(resolve => server?.listen(port, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function watching(paymasterUrl: string | undefined, own = { host: '127.0.0.1', port: 4337 }): PaymasterWatch {
  log = []
  registry = createRegistry()
  const logger = createLogger({ name: 'test', level: 'info' }, { write: line => void log.push(line) })
  watch = createPaymasterWatch({ paymasterUrl, chainId: 103, own, registry, logger })
  return watch
}

async function gauge(): Promise<number | undefined> {
  const metric = await registry.getSingleMetric('bundler_paymaster_answers')?.get()
  return metric?.values[0]?.value
}

it('a paymaster that answers is told so, also one that knows other methods only', async () => {
  const url = await paymaster('{"jsonrpc":"2.0","id":1,"result":"0x67"}')
  await watching(url).start()
  expect(watch?.says()).toBe('answers')
  expect(await gauge()).toBe(1)
  expect(log).toEqual([])
  server?.removeAllListeners('request')
  server?.on('request', (_, response) =>
    response.end('{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"unknown"}}'),
  )
  await watch?.stop()
  await watching(url).start()
  expect(watch?.says()).toBe('answers')
})

it('one that is away is told once in the log and in words to /health, and keeps nobody from starting', async () => {
  const url = await paymaster('{}')
  server?.closeAllConnections()
  await new Promise(resolve => server?.close(resolve))
  await watching(url).start()
  expect(watch?.says()).toContain(`${url} has not answered since`)
  expect(await gauge()).toBe(0)
  expect(log).toHaveLength(1)
  expect(log[0]).toContain('is --paymaster-url right?')
})

it('one of another chain, and this bundler itself, are refused', async () => {
  const url = await paymaster('{"jsonrpc":"2.0","id":1,"result":"0x1"}')
  await expect(watching(url).start()).rejects.toMatchObject({
    exitCode: 78,
    message: expect.stringContaining('chain 1,'),
  })
  for (const own of ['http://127.0.0.1:4337', 'http://localhost:4337/rpc']) {
    expect(() => watching(own)).toThrow('where this bundler itself listens')
  }
  expect(() => watching('http://paymaster:4337')).not.toThrow()
})

it('without one that is told', () => {
  expect(watching(undefined).says()).toContain('none')
})
