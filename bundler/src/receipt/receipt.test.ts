import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { simpleAccountAbi } from '@worldland-aa/sdk/abi/simpleAccount'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import {
  type Address,
  encodeFunctionData,
  getAddress,
  type Hash,
  type Hex,
  numberToHex,
  type PrivateKeyAccount,
  zeroAddress,
} from 'viem'
import { formatUserOperationRequest } from 'viem/account-abstraction'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { encodeBundle } from '../bundling/handleOps.ts'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { type AccountChain, startAccountChain } from '../testing/accountChain.ts'
import { type BundlerCore, startBundlerCore } from '../testing/bundlerCore.ts'
import { sponsoredBy, stakeOf } from '../testing/validated.ts'
import { assemble, revertingCode } from '../validation/testing/assemble.ts'
import { freshAddress } from '../validation/testing/testChain.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

const gwei = 10n ** 9n
let chain: AccountChain
let cleanState: Hash
let core: BundlerCore
let executors: readonly PrivateKeyAccount[]
let folder: string

beforeAll(async () => {
  chain = await startAccountChain({ accounts: 6 })
})
afterAll(async () => await chain.stop())
beforeEach(async () => {
  cleanState = await chain.anvil.snapshot()
  folder = mkdtempSync(join(tmpdir(), 'receipt-'))
  executors = await chain.executors(1)
  await chain.anvil.setNextBlockBaseFeePerGas({ baseFeePerGas: gwei })
  await chain.mine()
  await start()
})
afterEach(async () => {
  await core.stop()
  rmSync(folder, { recursive: true })
  await chain.anvil.revert({ id: cleanState })
})

async function start(): Promise<void> {
  core = await startBundlerCore({ client: chain.client, executors, path: join(folder, 'bundler.sqlite') })
}
/** A paymaster that agrees, with a context, and reverts in postOp. */
const failingPostOp = assemble(
  `0 CALLDATALOAD 0xe0 SHR 0x7c627b21 EQ 35 JUMPI
   0x40 0 MSTORE 0 0x20 MSTORE 1 0x40 MSTORE 0x80 0 RETURN
   JUMPDEST 0 0 REVERT`,
)
const account = (index: number): Address => chain.accounts[index] as Address
const execute = (target: Address, data: Hex = '0x', value = 0n): Hex =>
  encodeFunctionData({ abi: simpleAccountAbi, functionName: 'execute', args: [target, value, data] })
/** Of an account that has a stake, and so a reputation. */
const staked = (index: number): Promise<ValidatedOperation> =>
  chain.operation(account(index), {}, { entities: { sender: stakeOf(account(index), true) } })
/** Emits the EntryPoint's Deposited once more while it executes. */
const depositing = (index: number): Promise<ValidatedOperation> =>
  chain.operation(account(index), {
    callData: execute(
      entryPoint07Address,
      encodeFunctionData({ abi: entryPoint07Abi, functionName: 'depositTo', args: [account(index)] }),
      1_000n,
    ),
  })
async function land(...operations: readonly ValidatedOperation[]): Promise<void> {
  for (const one of operations) expect(await core.mempool.add(one)).toMatchObject({ ok: true })
  await core.bundling.sendNow()
  await mine()
}
async function mine(blocks = 1): Promise<void> {
  for (let block = 0; block < blocks; block++) await chain.mine()
  await core.look()
}
async function landByStranger(...operations: readonly ValidatedOperation[]): Promise<Hash> {
  const [stranger] = (await chain.executors(1)) as [PrivateKeyAccount]
  const signed = await stranger.signTransaction({
    type: 'eip1559',
    chainId: 103,
    nonce: 0,
    to: entryPoint07Address,
    data: encodeBundle(entryPoint07, operations, stranger.address),
    gas: 3_000_000n,
    maxFeePerGas: 200n * gwei,
    maxPriorityFeePerGas: 50n * gwei,
  })
  const hash = await chain.client.sendRawTransaction({ serializedTransaction: signed })
  await chain.mine()
  return hash
}
const onWire = ({ userOperation }: ValidatedOperation) => formatUserOperationRequest(userOperation)

describe('the receipt of an operation', () => {
  it('has its own logs only, and the transaction’s receipt as the node gives it', async () => {
    const all = [await depositing(0), await chain.operation(account(1)), await depositing(2)]
    await land(...(all as ValidatedOperation[]))
    const receipts = await Promise.all(all.map(one => core.receipts.receiptOf(one.userOperationHash)))
    expect(receipts.map(receipt => receipt?.logs.length)).toEqual([1, 0, 1])
    for (const [index, receipt] of receipts.entries()) {
      const { userOperation, userOperationHash } = all[index] as ValidatedOperation
      expect(receipt).toMatchObject({
        userOpHash: userOperationHash,
        entryPoint: entryPoint07Address,
        sender: userOperation.sender,
        nonce: '0x0',
        success: true,
      })
      // Clients read both as text: what is absent is zero and empty.
      expect(receipt).toMatchObject({ paymaster: zeroAddress, reason: '0x' })
      const [transactionHash] = await chain.landings(userOperationHash)
      const method = 'eth_getTransactionReceipt'
      expect(receipt?.receipt).toEqual(
        await chain.client.request({ method, params: [transactionHash as Hash] }),
      )
      for (const log of receipt?.logs ?? [])
        expect(log.topics[1]?.slice(-40)).toBe(userOperation.sender.slice(2).toLowerCase())
    }
  })

  it('says why its call failed', async () => {
    const target = freshAddress()
    await chain.anvil.setCode({ address: target, bytecode: revertingCode })
    const one = await chain.operation(account(0), { callData: execute(target) })
    await land(one)
    const receipt = await core.receipts.receiptOf(one.userOperationHash)
    expect(receipt).toMatchObject({ success: false })
    // Error("no")
    expect(receipt?.reason?.slice(0, 10)).toBe('0x08c379a0')
    expect(await core.receipts.statusOf(one.userOperationHash)).toMatchObject({ status: 'failed' })
  })

  it('says why its paymaster’s postOp failed', async () => {
    const paymaster = await chain.acceptingPaymaster(10n ** 18n)
    await chain.anvil.setCode({ address: paymaster, bytecode: failingPostOp })
    // What is set so stands in the state of the next block.
    await mine()
    const one = await chain.operation(account(0), sponsoredBy(paymaster))
    await land(one)
    const receipt = await core.receipts.receiptOf(one.userOperationHash)
    expect(receipt).toMatchObject({ success: false, paymaster: getAddress(paymaster) })
    expect(receipt?.reason).toMatch(/^0x/)
  })

  it('is null while it waits and for what nobody knows', async () => {
    const one = await chain.operation(account(0))
    await core.mempool.add(one)
    expect(await core.receipts.receiptOf(one.userOperationHash)).toBeNull()
    expect(await core.receipts.receiptOf(`0x${'ab'.repeat(32)}`)).toBeNull()
    expect(await core.receipts.operationByHash(`0x${'ab'.repeat(32)}`)).toBeNull()
    expect(await core.receipts.statusOf(`0x${'ab'.repeat(32)}`)).toEqual({
      status: 'not_found',
      transactionHash: null,
    })
  })
})

describe('the journey of an operation', () => {
  it('is told at every station, to the depth at which it is final', async () => {
    const one = await chain.operation(account(0))
    const status = () => core.receipts.statusOf(one.userOperationHash)
    const found = () => core.receipts.operationByHash(one.userOperationHash)
    const nowhere = { blockNumber: null, blockHash: null }
    await core.mempool.add(one)
    expect(await status()).toEqual({ status: 'not_submitted', transactionHash: null })
    expect(await found()).toEqual({
      userOperation: onWire(one),
      entryPoint: entryPoint07Address,
      ...nowhere,
      transactionHash: null,
    })
    const [transactionHash] = (await core.bundling.sendNow()) as [Hash]
    expect(await status()).toEqual({ status: 'submitted', transactionHash })
    expect(await found()).toMatchObject({ ...nowhere, transactionHash })
    await mine()
    expect(await status()).toEqual({ status: 'included', transactionHash, confirmations: 1, final: false })
    const block = await chain.client.getBlock()
    expect(await found()).toEqual({
      userOperation: onWire(one),
      entryPoint: entryPoint07Address,
      blockNumber: numberToHex(block.number),
      blockHash: block.hash,
      transactionHash,
    })
    await mine(12)
    expect(await status()).toMatchObject({ status: 'included', confirmations: 13, final: true })
  })

  it('ends with the reason when it was dropped', async () => {
    const one = await chain.operation(account(0))
    await core.mempool.add(one)
    await core.mempool.drop(one.userOperationHash, { code: -32500, message: 'AA21 didn’t pay prefund' })
    expect(await core.receipts.statusOf(one.userOperationHash)).toEqual({
      status: 'rejected',
      transactionHash: null,
      reason: 'AA21 didn’t pay prefund',
    })
    expect(await core.receipts.operationByHash(one.userOperationHash)).toBeNull()
  })
})

describe('operations of strangers', () => {
  it('are found with all their fields, whether they came before or after this node', async () => {
    const [before, after] = [await depositing(0), await depositing(1)]
    await core.stop()
    const hashes = [await landByStranger(before)]
    await chain.mine(3)
    rmSync(join(folder, 'bundler.sqlite'))
    await start()
    hashes.push(await landByStranger(after))
    await core.look()
    for (const [index, one] of [before, after].entries()) {
      const transactionHash = hashes[index]
      expect(await core.receipts.statusOf(one.userOperationHash)).toMatchObject({
        status: 'included',
        transactionHash,
      })
      expect(await core.receipts.operationByHash(one.userOperationHash)).toMatchObject({
        userOperation: onWire(one),
        transactionHash,
      })
      expect((await core.receipts.receiptOf(one.userOperationHash))?.logs).toHaveLength(1)
    }
  })

  it('that were looked for too early are found when they have landed', async () => {
    const one = await chain.operation(account(0))
    expect(await core.receipts.receiptOf(one.userOperationHash)).toBeNull()
    await landByStranger(one)
    await core.look()
    expect(await core.receipts.receiptOf(one.userOperationHash)).toMatchObject({ success: true })
  })

  it('end the wait of the same operation here', async () => {
    const one = await staked(0)
    await core.mempool.add(one)
    const transactionHash = await landByStranger(one)
    await core.look()
    expect(core.mempool.size()).toEqual({ pending: 0, submitted: 0 })
    expect(await core.receipts.statusOf(one.userOperationHash)).toMatchObject({
      status: 'included',
      transactionHash,
    })
    // Its entities kept their promise, whoever brought it there.
    expect(core.reputation.entryOf(account(0))).toMatchObject({ opsSeen: 1, opsIncluded: 1 })
  })
})

describe('while the node was down', () => {
  it('what landed is taken in at the start, without a search', async () => {
    const one = await chain.operation(account(0))
    await core.mempool.add(one)
    await core.stop()
    await landByStranger(one)
    await chain.mine(150)
    await start()
    expect(core.mempool.size().pending).toBe(0)
    expect(await core.receipts.statusOf(one.userOperationHash)).toMatchObject({
      status: 'included',
      confirmations: 151,
    })
    expect(await core.registry.metrics()).not.toMatch(/bundler_receipt_lookups_total\{/)
  })

  it('a file that an older build left half written is put right: held for landed in no block, it waits again', async () => {
    const one = await chain.operation(account(0))
    await core.mempool.add(one)
    await core.database.updateTable('operation').set({ state: 'landed' }).execute()
    await core.stop()
    await start()
    expect(core.mempool.size()).toEqual({ pending: 1, submitted: 0 })
    await core.bundling.sendNow()
    await mine()
    expect(await core.receipts.statusOf(one.userOperationHash)).toMatchObject({ status: 'included' })
  })

  it('what a reorg took is taken back at the start, and lands again', async () => {
    const one = await staked(0)
    await mine(3)
    await land(one)
    expect(await chain.landings(one.userOperationHash)).toHaveLength(1)
    await core.stop()
    await chain.anvil.request({ method: 'anvil_reorg', params: [2, []] } as never)
    await chain.mine(2)
    await start()
    expect(core.mempool.size()).toEqual({ pending: 0, submitted: 1 })
    expect(core.reputation.entryOf(account(0))).toMatchObject({ opsIncluded: 0 })
    expect(await core.receipts.receiptOf(one.userOperationHash)).toBeNull()
    await mine()
    expect(await chain.landings(one.userOperationHash)).toHaveLength(1)
    expect(await core.receipts.statusOf(one.userOperationHash)).toMatchObject({
      status: 'included',
      confirmations: 1,
    })
    expect(core.reputation.entryOf(account(0))).toMatchObject({ opsSeen: 1, opsIncluded: 1 })
  })
})

describe('the chain’s updates', () => {
  it('count once, however often they are told', async () => {
    const one = await staked(0)
    await core.mempool.add(one)
    await core.bundling.sendNow()
    const parent = await chain.client.getBlock()
    await mine()
    const head = core.head()
    expect(head.parentHash).toBe(parent.hash)
    for (let time = 0; time < 3; time++)
      await core.receipts.onChainUpdate({ removed: [], added: [head], head })
    expect(core.reputation.entryOf(account(0)).opsIncluded).toBe(1)
    expect(await core.database.selectFrom('inclusion').selectAll().execute()).toHaveLength(1)
  })

  it('are made up for when some were missed', async () => {
    const one = await chain.operation(account(0))
    await core.mempool.add(one)
    await landByStranger(one)
    await chain.mine(4)
    const { number, hash, parentHash, timestamp, gasLimit } = await chain.client.getBlock()
    const head = { number, hash, parentHash, timestamp, gasLimit, baseFeePerGas: 7n }
    await core.receipts.onChainUpdate({ removed: [], added: [head], head })
    expect(await core.receipts.statusOf(one.userOperationHash)).toMatchObject({
      status: 'included',
      confirmations: 5,
    })
  })

  it('that fall back without going on walk back what stood there', async () => {
    const one = await chain.operation(account(0))
    await mine(2)
    const before = core.head()
    await land(one)
    await core.receipts.onChainUpdate({ removed: [core.head()], added: [], head: before })
    expect(core.mempool.size().pending).toBe(1)
    expect(core.receipts.cursor()).toEqual({ number: before.number, hash: before.hash })
  })
})
