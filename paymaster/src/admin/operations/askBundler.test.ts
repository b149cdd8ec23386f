// The operator's bundler is asked for a page only: whatever it does, the page is answered.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Hash } from 'viem'
import { afterEach, describe, expect, it } from 'vitest'
import { createAskBundler } from './askBundler.ts'

const hash: Hash = `0x${'12'.repeat(32)}`
let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** A bundler that answers each method so; nothing at all where that is undefined. */
async function bundlerWith(answers: Record<string, object> | undefined): Promise<string> {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => (body += chunk))
    request.on('end', () => {
      if (answers === undefined) return
      const { id, method } = JSON.parse(body) as { id: number; method: string }
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answers[method] }))
    })
  })
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('the bundler', () => {
  it('says its state, its explanation and the receipt', async () => {
    const url = await bundlerWith({
      worldland_explainUserOperation: { result: { state: 'pending', rules: [] } },
      eth_getUserOperationReceipt: {
        result: { success: true, receipt: { transactionHash: hash, blockNumber: '0x10' } },
      },
    })
    expect(await createAskBundler(url)(hash)).toEqual({
      connection: 'connected',
      hint: null,
      state: 'pending',
      explanation: { state: 'pending', rules: [] },
      receipt: { success: true, transactionHash: hash, blockNumber: '16' },
    })
  })

  it('may be another’s, that explains nothing', async () => {
    const url = await bundlerWith({
      worldland_explainUserOperation: { error: { code: -32601, message: 'no such method' } },
      eth_getUserOperationReceipt: { result: null },
    })
    expect(await createAskBundler(url)(hash)).toMatchObject({
      connection: 'connected',
      explanation: null,
      receipt: null,
    })
  })

  it('may explain more than a page shows', async () => {
    const url = await bundlerWith({
      worldland_explainUserOperation: { result: { state: 'pending', text: 'x'.repeat(200_000) } },
      eth_getUserOperationReceipt: { result: null },
    })
    const answer = await createAskBundler(url)(hash)
    expect(answer).toMatchObject({ connection: 'connected', state: 'pending', explanation: null })
    expect(answer.hint).toContain('too long')
  })

  it.each([
    ['is not there', async () => 'http://127.0.0.1:9'],
    ['does not answer', () => bundlerWith(undefined)],
  ])('that %s is said to be unreachable', async (_, urlOf) => {
    const answer = await createAskBundler(await urlOf())(hash)
    expect(answer).toMatchObject({ connection: 'unreachable', state: null })
    expect(answer.hint).toContain('--bundler-url')
  })
})
