import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readCredentials } from '@worldland-aa/service/http/credentials'
import { testCall } from '@worldland-aa/service/testing/testCall'
import { afterEach, describe, expect, it } from 'vitest'
import { forwardToPaymaster } from './forwardToPaymaster.ts'

let server: Server | undefined

afterEach(() => {
  server?.close()
  server = undefined
})

async function paymasterAnswering(
  answer: (
    request: { method: string; params: unknown },
    headers: Readonly<Record<string, unknown>>,
  ) => unknown,
): Promise<string> {
  server = createServer((incoming, outgoing) => {
    let body = ''
    incoming.on('data', chunk => {
      body += chunk
    })
    incoming.on('end', () => outgoing.end(JSON.stringify(answer(JSON.parse(body), incoming.headers))))
  })
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('forwarding to the paymaster', () => {
  it('passes parameters and results on untouched', async () => {
    const url = await paymasterAnswering(request => ({ jsonrpc: '2.0', id: 1, result: request }))
    expect(await forwardToPaymaster('pm_getPaymasterData', url)([{ a: 1 }, null], testCall)).toMatchObject({
      ok: true,
      value: { method: 'pm_getPaymasterData', params: [{ a: 1 }, null] },
    })
  })

  it('tells for whom it asks, so that a paymaster can count by caller', async () => {
    const url = await paymasterAnswering((_, headers) => ({ result: headers['x-forwarded-for'] }))
    const forward = forwardToPaymaster('pm_getPaymasterData', url)
    const context = { caller: '198.51.100.7', signal: new AbortController().signal }
    expect(await forward([], context)).toEqual({ ok: true, value: '198.51.100.7' })
  })

  it("passes a caller's API key and page on as they came, and the door says what comes of them", async () => {
    const url = await paymasterAnswering((_, headers) => ({ result: [headers['x-api-key'], headers.origin] }))
    const forward = forwardToPaymaster('pm_getPaymasterData', url)
    const credentials = readCredentials({
      headers: { origin: 'https://app.example' },
      url: '/rpc?apiKey=wlp_k%0d%0a',
    })
    expect(await forward([], { ...testCall, credentials })).toEqual({
      ok: true,
      value: ['wlp_k', 'https://app.example'],
    })
  })

  it("passes the paymaster's refusals on with code and data", async () => {
    const error = { code: -32001, message: 'denied', data: { reason: 'budget' } }
    const url = await paymasterAnswering(() => ({ jsonrpc: '2.0', id: 1, error }))
    expect(await forwardToPaymaster('pm_getPaymasterData', url)([], testCall)).toEqual({
      ok: false,
      refusal: error,
    })
  })

  it('says so when there is no paymaster, when it is away, and when it talks nonsense', async () => {
    expect(await forwardToPaymaster('pm_getPaymasterData', undefined)([], testCall)).toMatchObject({
      refusal: { code: -32601, message: expect.stringContaining('--paymaster-url') },
    })
    const url = await paymasterAnswering(() => [])
    expect(await forwardToPaymaster('pm_getPaymasterData', url)([], testCall)).toMatchObject({
      refusal: { code: -32002 },
    })
    server?.close()
    server?.closeAllConnections()
    expect(await forwardToPaymaster('pm_getPaymasterData', url)([], testCall)).toMatchObject({
      refusal: { code: -32002 },
    })
  })
})
