// The shape of every answer (ERC-7769), from an operation's arrival to its receipt.
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Address, encodeFunctionData, type Hex, numberToHex, parseAbi, parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBundler } from '../support/bundler.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import type { Daemon } from '../support/daemon.ts'
import { eventually } from '../support/eventually.ts'
import { readLandings } from '../support/landings.ts'
import { ask, errorOf, resultOf } from '../support/rpc.ts'
import { deployTestEntities, type TestEntities, testContracts } from '../support/testEntities.ts'
import { hashOf, paidBy, type WireOperation, wireOperation } from '../support/wireOperation.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
const quantity = /^0x(0|[1-9a-f][0-9a-f]*)$/
const hash32 = /^0x[0-9a-f]{64}$/
const accountAbi = parseAbi([
  'function execute(address target, uint256 value, bytes data)',
  'function fail(string reason)',
])
let chain: TestChain
let bundler: Daemon
let entities: TestEntities
let account: Address
let paymaster: Address

beforeAll(async () => {
  chain = await startTestChain()
  entities = await deployTestEntities(chain.faucet)
  account = await entities.account('HonestAccount')
  paymaster = await entities.paymaster('GenerousPaymaster', 10n ** 18n)
  await chain.mineEvery(1)
  bundler = await startBundler({ rpcUrl: chain.rpcUrl, folder })
})
afterAll(async () => {
  await bundler?.stop()
  await chain?.stop()
})

const send = (operation: WireOperation): Promise<Hex> =>
  resultOf(bundler.url, 'eth_sendUserOperation', operation, entryPoint07Address)

type Receipt = Record<string, unknown> & { logs: { address: string }[]; receipt: Record<string, unknown> }

const receiptOf = (hash: Hex): Promise<Receipt> =>
  eventually(
    `the receipt of ${hash}`,
    () => resultOf<Receipt | null>(bundler.url, 'eth_getUserOperationReceipt', hash),
    receipt => receipt !== null,
  )

describe('what a bundler says about itself', () => {
  it('names its chain, its entry point and itself', async () => {
    expect(await resultOf(bundler.url, 'eth_chainId')).toBe('0x67')
    expect(await resultOf(bundler.url, 'eth_supportedEntryPoints')).toEqual([entryPoint07Address])
    expect(await resultOf(bundler.url, 'web3_clientVersion')).toMatch(/^worldland-bundler\//)
  })

  it('quotes three rising prices that the next block will take', async () => {
    type Prices = Record<'slow' | 'standard' | 'fast', { maxFeePerGas: Hex; maxPriorityFeePerGas: Hex }>
    const prices = await resultOf<Prices>(bundler.url, 'pimlico_getUserOperationGasPrice')
    const { baseFeePerGas } = await chain.client.getBlock()
    const steps = [prices.slow, prices.standard, prices.fast].map(
      ({ maxFeePerGas, maxPriorityFeePerGas }) => {
        expect([maxFeePerGas, maxPriorityFeePerGas]).toEqual([
          expect.stringMatching(quantity),
          expect.stringMatching(quantity),
        ])
        // WorldLand's miners take no tip below 1 gwei.
        expect(BigInt(maxPriorityFeePerGas)).toBeGreaterThanOrEqual(10n ** 9n)
        expect(BigInt(maxFeePerGas)).toBeGreaterThanOrEqual((baseFeePerGas ?? 0n) + 10n ** 9n)
        return BigInt(maxFeePerGas)
      },
    )
    expect(steps).toEqual([...steps].sort((one, other) => (one < other ? -1 : 1)))
  })

  it('is healthy and shows metrics', async () => {
    const health = await fetch(`${bundler.url}/health`)
    expect([health.status, await health.json()]).toMatchObject([200, { healthy: true }])
    const metrics = await fetch(`${bundler.url}/metrics`)
    expect(metrics.headers.get('content-type')).toContain('text/plain')
    expect(await metrics.text()).toMatch(/^# HELP /m)
  })

  it('says where pm_* would be answered when it has no paymaster', async () => {
    for (const method of ['pm_getPaymasterStubData', 'pm_getPaymasterData', 'pimlico_getTokenQuotes']) {
      const error = await errorOf(
        bundler.url,
        method,
        wireOperation(account),
        entryPoint07Address,
        '0x67',
        null,
      )
      expect(error.code).toBe(-32601)
      expect(error.message).toContain('--paymaster-url')
    }
  })
})

describe('an operation that nobody sent', () => {
  it('is not there', async () => {
    const nobody = `0x${'ab'.repeat(32)}`
    expect(await resultOf(bundler.url, 'eth_getUserOperationByHash', nobody)).toBeNull()
    expect(await resultOf(bundler.url, 'eth_getUserOperationReceipt', nobody)).toBeNull()
    expect(await resultOf(bundler.url, 'pimlico_getUserOperationStatus', nobody)).toMatchObject({
      status: 'not_found',
      transactionHash: null,
    })
  })
})

describe('a promise of inclusion, where nobody takes turns', () => {
  it('is not there, and the operation is taken all the same, by the bare hash', async () => {
    const operation = wireOperation(account)
    const hash = hashOf(operation)
    expect(
      await resultOf(bundler.url, 'worldland_sendUserOperation', operation, entryPoint07Address, {
        waitMilliseconds: 2_000,
      }),
    ).toEqual({ userOpHash: hash })
    expect(await resultOf(bundler.url, 'worldland_getInclusionPromise', hash)).toBeNull()
    await receiptOf(hash)
  })

  it('is not waited for by options that cannot be read: nothing is sent', async () => {
    const operation = wireOperation(account)
    const error = await errorOf(bundler.url, 'worldland_sendUserOperation', operation, entryPoint07Address, {
      waitMilliseconds: 'long',
    })
    expect(error).toMatchObject({ code: -32602, message: expect.stringContaining('waitMilliseconds') })
    expect(await resultOf(bundler.url, 'eth_getUserOperationByHash', hashOf(operation))).toBeNull()
  })
})

describe('an operation that waits', () => {
  it('is acknowledged with its hash, is found by it as it was sent, and has no block yet', async () => {
    const operation = wireOperation(account)
    const hash = await chain.whilePaused(() => expectWaiting(operation))
    await receiptOf(hash)
  })

  async function expectWaiting(operation: WireOperation): Promise<Hex> {
    const hash = await send(operation)
    expect(hash).toBe(hashOf(operation))
    expect(await resultOf(bundler.url, 'eth_getUserOperationByHash', hash)).toMatchObject({
      userOperation: operation,
      entryPoint: entryPoint07Address,
      blockNumber: null,
      blockHash: null,
    })
    expect(await resultOf(bundler.url, 'eth_getUserOperationReceipt', hash)).toBeNull()
    const { status } = await resultOf<{ status: string }>(bundler.url, 'pimlico_getUserOperationStatus', hash)
    expect(['not_submitted', 'submitted']).toContain(status)
    return hash
  }

  it('is acknowledged again when it is sent again, and lands once', async () => {
    const operation = wireOperation(account)
    const hash = await send(operation)
    expect(await send(operation)).toBe(hash)
    await receiptOf(hash)
    expect((await readLandings(chain.client)).get(hash)).toHaveLength(1)
  })
})

describe('two operations of an account that has no deposit', () => {
  it('both land, though what the first leaves as a deposit changes how the second pays', async () => {
    const penniless = await testContracts(chain.faucet).deploy(
      'HonestAccount',
      [entities.stranger],
      parseEther('1'),
    )
    const large = wireOperation(penniless, { callGasLimit: numberToHex(1_000_000) })
    const small = wireOperation(penniless)
    const hashes = await Promise.all([send(large), send(small)])
    for (const hash of hashes) expect(await receiptOf(hash)).toMatchObject({ success: true })
  })
})

describe('an operation that landed', () => {
  it('has a receipt with what it cost, its own logs and its transaction', async () => {
    const visit = encodeFunctionData({
      abi: accountAbi,
      functionName: 'execute',
      args: [entities.stranger, 0n, '0x'],
    })
    const operation = wireOperation(account, { callData: visit, ...paidBy(paymaster) })
    const other = wireOperation(account)
    const [hash] = await Promise.all([send(operation), send(other)])
    const receipt = await receiptOf(hash)
    expect(receipt).toMatchObject({
      userOpHash: hash,
      entryPoint: entryPoint07Address,
      sender: account,
      nonce: operation.nonce,
      paymaster,
      actualGasCost: expect.stringMatching(quantity),
      actualGasUsed: expect.stringMatching(quantity),
    })
    expect(receipt.receipt).toMatchObject({
      transactionHash: expect.stringMatching(hash32),
      blockHash: expect.stringMatching(hash32),
      blockNumber: expect.stringMatching(quantity),
      status: '0x1',
    })
    const landing = (await readLandings(chain.client)).get(hash)?.[0]
    expect(receipt.receipt.transactionHash).toBe(landing?.transactionHash)
  })

  it('is found by its hash with its block and transaction', async () => {
    const operation = wireOperation(account)
    const hash = await send(operation)
    const { receipt } = await receiptOf(hash)
    expect(await resultOf(bundler.url, 'eth_getUserOperationByHash', hash)).toMatchObject({
      userOperation: operation,
      entryPoint: entryPoint07Address,
      blockNumber: receipt.blockNumber,
      blockHash: receipt.blockHash,
      transactionHash: receipt.transactionHash,
    })
    expect(await resultOf(bundler.url, 'pimlico_getUserOperationStatus', hash)).toMatchObject({
      status: 'included',
      transactionHash: receipt.transactionHash,
    })
  })

  it('shows why its call failed, and is counted as failed', async () => {
    const fail = encodeFunctionData({ abi: accountAbi, functionName: 'fail', args: ['no such thing'] })
    const hash = await send(wireOperation(account, { callData: fail }))
    const receipt = await receiptOf(hash)
    expect(receipt.success).toBe(false)
    expect(receipt.reason).toContain(Buffer.from('no such thing').toString('hex'))
    expect(await resultOf(bundler.url, 'pimlico_getUserOperationStatus', hash)).toMatchObject({
      status: 'failed',
      transactionHash: receipt.receipt.transactionHash,
    })
  })

  it('cannot be sent a second time', async () => {
    const operation = wireOperation(account)
    await receiptOf(await send(operation))
    // Until the mempool has let go of it, whoever sends it again is told its hash.
    const { error } = await eventually(
      'a refusal of what has landed',
      () => ask(bundler.url, 'eth_sendUserOperation', operation, entryPoint07Address),
      answer => answer.error !== undefined,
    )
    expect(error).toMatchObject({ code: -32500, message: expect.stringContaining('AA25') })
  })
})
