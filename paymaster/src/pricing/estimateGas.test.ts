// Any bundler will do for estimates: here one of a few lines, on a port of its own.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { RequestedOperation } from '../requestedOperation.ts'
import { createGasEstimator } from './estimateGas.ts'

const entryPoint = '0x0000000071727De22E5E9d8BAf0edAc6f37da032'
const operation: RequestedOperation = {
  sender: '0x5000000000000000000000000000000000000005',
  nonce: 7n,
  callData: '0x1234',
  callGasLimit: 0n,
  verificationGasLimit: 0n,
  preVerificationGas: 0n,
  maxFeePerGas: 3n,
  maxPriorityFeePerGas: 2n,
  signature: '0xdead',
}
const fields = {
  paymaster: '0x3000000000000000000000000000000000000003',
  paymasterData: '0xabcd',
  paymasterVerificationGasLimit: 60_000n,
  paymasterPostOpGasLimit: 0n,
} as const
const caller = '203.0.113.7'
let server: Server | undefined
afterEach(() => server?.close())

async function bundlerAnswering(answer: object): Promise<{
  url: string
  asked: () => unknown
  forwardedFor: () => unknown
}> {
  let asked: unknown
  let forwardedFor: unknown
  server = createServer((request, response) => {
    let body = ''
    forwardedFor = request.headers['x-forwarded-for']
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      asked = JSON.parse(body)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ jsonrpc: '2.0', id: (asked as { id: number }).id, ...answer }))
    })
  })
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, asked: () => asked, forwardedFor: () => forwardedFor }
}

describe('asking a bundler for gas', () => {
  it('hands the operation over with the stub and gives back the three limits', async () => {
    const result = {
      callGasLimit: '0x10',
      verificationGasLimit: '0x20',
      preVerificationGas: '0x30',
      colour: 1,
    }
    const { url, asked } = await bundlerAnswering({ result })
    const estimated = await createGasEstimator({ bundlerUrl: url, entryPoint })(operation, fields, caller)
    expect(estimated).toEqual({
      ok: true,
      value: { callGasLimit: 16n, verificationGasLimit: 32n, preVerificationGas: 48n },
    })
    expect(asked()).toMatchObject({
      method: 'eth_estimateUserOperationGas',
      params: [
        {
          sender: operation.sender,
          nonce: '0x7',
          signature: '0xdead',
          paymaster: fields.paymaster,
          paymasterData: '0xabcd',
          paymasterPostOpGasLimit: '0x0',
        },
        entryPoint,
      ],
    })
  })

  it('says for whom it asks, so that one caller does not use up the estimates of all', async () => {
    const { url, forwardedFor } = await bundlerAnswering({ result: {} })
    await createGasEstimator({ bundlerUrl: url, entryPoint })(operation, fields, caller)
    expect(forwardedFor()).toBe(caller)
  })

  it("passes the bundler's refusal on as it is", async () => {
    const error = { code: -32521, message: 'execution reverted: no funds', data: { reason: '0x1234' } }
    const { url } = await bundlerAnswering({ error })
    const estimated = await createGasEstimator({ bundlerUrl: url, entryPoint })(operation, fields, caller)
    expect(estimated).toEqual({ ok: false, refusal: error })
  })

  it('says so when the bundler talks nonsense, is not there, or was never named', async () => {
    const { url } = await bundlerAnswering({ result: { callGasLimit: 'much' } })
    const asks = [url, 'http://127.0.0.1:1', undefined].map(bundlerUrl =>
      createGasEstimator({ bundlerUrl, entryPoint })(operation, fields, caller),
    )
    const messages = (await Promise.all(asks)).map(answer => (answer.ok ? '' : answer.refusal.message))
    expect(messages[0]).toContain('answered something else than gas limits')
    expect(messages[1]).toContain('does not answer')
    expect(messages[2]).toContain('--bundler-url')
  })
})
