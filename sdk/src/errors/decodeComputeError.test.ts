import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createPublicClient, custom, encodeErrorResult, http, SocketClosedError } from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { instanceLeaseAbi } from '../abi/instanceLease.ts'
import { computeErrors } from '../clients/computeErrors.ts'
import { ComputeError } from './computeError.ts'
import { decodeComputeError } from './decodeComputeError.ts'

const failureOf = (act: Promise<unknown>): Promise<unknown> =>
  act.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('an outage', () => {
  let status = 503
  const server = createServer((_, response) => {
    if (status !== 0) response.writeHead(status).end('not JSON')
  })
  let url: string
  beforeAll(async () => {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  it('says where nothing answers, without the key that stands in the address', async () => {
    const client = createPublicClient({
      transport: http('http://127.0.0.1:1/v2/secret-key', { retryCount: 0 }),
    })
    const decoded = decodeComputeError(await failureOf(client.getBlockNumber()))
    expect(decoded).toMatchObject({ source: 'network', problem: 'Nothing answers at http://127.0.0.1:1.' })
    expect(decoded?.remedy).not.toContain('secret-key')
  })

  it('says what is answered that is no JSON-RPC, and that no answer came in time', async () => {
    const patient = createPublicClient({ transport: http(url, { retryCount: 0 }) })
    expect(decodeComputeError(await failureOf(patient.getBlockNumber()))?.problem).toBe(
      `${url} answers with HTTP status 503.`,
    )
    status = 0
    const hasty = createPublicClient({ transport: http(url, { retryCount: 0, timeout: 50 }) })
    expect(decodeComputeError(await failureOf(hasty.getBlockNumber()))?.problem).toBe(
      `${url} did not answer in time.`,
    )
  })

  it('is told of a socket too', () => {
    const broken = new SocketClosedError({ url: 'wss://node.example/secret-key' })
    expect(decodeComputeError(broken)?.problem).toBe('The connection to wss://node.example broke.')
  })
})

describe('a wallet that says no', () => {
  it.each([
    [4001, 'UserRejected'],
    [5000, 'UserRejected'],
    [4100, 'WalletUnauthorized'],
    [4200, 'WalletMethodUnsupported'],
    [4900, 'WalletDisconnected'],
    [4901, 'WalletChainDisconnected'],
    [4902, 'WalletChainUnknown'],
    [5700, 'WalletCapabilityUnsupported'],
    [5740, 'WalletCallsTooLarge'],
    [5750, 'UserRejectedUpgrade'],
    [5760, 'WalletNotAtomic'],
  ])('by code %i is understood as %s', async (code, errorName) => {
    const request = async () => {
      throw Object.assign(new Error('MetaMask: no'), { code })
    }
    const client = createPublicClient({ transport: custom({ request }, { retryCount: 0 }) })
    expect(decodeComputeError(await failureOf(client.getBlockNumber()))).toMatchObject({
      source: 'wallet',
      errorName,
      problem: expect.stringMatching(/^[A-Z].*\.$/),
      remedy: expect.stringMatching(/^[A-Z].*\.$/),
    })
  })

  it('by a passkey whose prompt was closed is understood', () => {
    const cause = new DOMException('The operation either timed out or was not allowed.', 'NotAllowedError')
    expect(decodeComputeError(new Error('Failed to request credential.', { cause }))).toMatchObject({
      source: 'wallet',
      errorName: 'PasskeyNotAllowed',
    })
  })
})

describe('a client with computeErrors', () => {
  const refusing = (error: object) =>
    createBundlerClient({
      transport: custom(
        {
          request: async () => {
            throw Object.assign(new Error('refused'), error)
          },
        },
        { retryCount: 0 },
      ),
    }).extend(computeErrors)

  it("has viem's own actions fail in the sentence of the contract", async () => {
    const revertData = encodeErrorResult({ abi: instanceLeaseAbi, errorName: 'PingTooSoon', args: [9n] })
    const failure = await failureOf(
      refusing({ code: -32521, data: { revertData } }).getSupportedEntryPoints(),
    )
    expect(failure).toBeInstanceOf(ComputeError)
    expect(failure).toMatchObject({
      errorName: 'PingTooSoon',
      source: 'contract',
      remedy: expect.any(String),
    })
    expect((failure as Error).message).toContain('The next ping can be sent in block 9.')
  })

  it('leaves as it is what nobody refused, such as that there is no receipt yet', async () => {
    const client = createBundlerClient({ transport: custom({ request: async () => null }) }).extend(
      computeErrors,
    )
    const failure = await failureOf(client.getUserOperationReceipt({ hash: `0x${'00'.repeat(32)}` }))
    expect(failure).toMatchObject({ name: 'UserOperationReceiptNotFoundError' })
  })
})

describe('a failure that is in words already', () => {
  it('keeps them', () => {
    const said = new ComputeError({ problem: 'Too much.', remedy: 'Take less.' })
    expect(decodeComputeError(new Error('outer', { cause: said }))).toEqual({
      source: 'sdk',
      errorName: undefined,
      problem: 'Too much.',
      remedy: 'Take less.',
    })
  })
})

describe('what is no refusal', () => {
  it('is left alone', () => {
    for (const failure of [
      undefined,
      null,
      'no',
      new Error('fetch failed'),
      new TypeError('x is undefined'),
      {},
    ]) {
      expect(decodeComputeError(failure)).toBeUndefined()
    }
  })

  it('is read to an end though its causes go in a circle', () => {
    const failure: { cause?: unknown } = {}
    failure.cause = failure
    expect(decodeComputeError(failure)).toBeUndefined()
  })
})
