// eth_getUserOperationByHash for operations that others landed: what is looked through is theirs.
import { simpleAccountAbi } from '@worldland-aa/sdk/abi/simpleAccount'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import {
  type Address,
  concat,
  encodeFunctionData,
  type Hash,
  type Hex,
  numberToHex,
  type PrivateKeyAccount,
  size,
  slice,
} from 'viem'
import { formatUserOperationRequest } from 'viem/account-abstraction'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { encodeBundle } from '../bundling/handleOps.ts'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { type AccountChain, startAccountChain } from '../testing/accountChain.ts'
import { type BundlerCore, startBundlerCore } from '../testing/bundlerCore.ts'
import { assemble } from '../validation/testing/assemble.ts'
import { freshAddress } from '../validation/testing/testChain.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

const gwei = 10n ** 9n
let chain: AccountChain
let cleanState: Hash
let core: BundlerCore
/** What the node was asked. */
const asked: string[] = []

beforeAll(async () => {
  chain = await startAccountChain({ accounts: 2 })
})
afterAll(async () => await chain.stop())
beforeEach(async () => {
  cleanState = await chain.anvil.snapshot()
  await chain.mine()
  const { request } = chain.client
  const counting = (call: { method: string }) => {
    asked.push(call.method)
    return request(call as never)
  }
  core = await startBundlerCore({
    client: { ...chain.client, request: counting as typeof request },
    executors: await chain.executors(1),
  })
})
afterEach(async () => {
  await core.stop()
  await chain.anvil.revert({ id: cleanState })
})

const account = (index: number): Address => chain.accounts[index] as Address
const calling = (index: number, data: Hex): Promise<ValidatedOperation> =>
  chain.operation(account(index), {
    callData: encodeFunctionData({
      abi: simpleAccountAbi,
      functionName: 'execute',
      args: [freshAddress(), 0n, data],
    }),
  })
const bundleOf = (...operations: readonly ValidatedOperation[]): Hex =>
  encodeBundle(entryPoint07, operations, freshAddress())
const onWire = ({ userOperation }: ValidatedOperation) => formatUserOperationRequest(userOperation)

async function landThrough(to: Address, data: Hex): Promise<Hash> {
  const [stranger] = (await chain.executors(1)) as [PrivateKeyAccount]
  const serializedTransaction = await stranger.signTransaction({
    type: 'eip1559',
    chainId: 103,
    nonce: 0,
    to,
    data,
    gas: 3_000_000n,
    maxFeePerGas: 200n * gwei,
    maxPriorityFeePerGas: 50n * gwei,
  })
  const hash = await chain.client.sendRawTransaction({ serializedTransaction })
  await chain.mine()
  await core.look()
  return hash
}

async function placed(source: string): Promise<Address> {
  const address = freshAddress()
  await chain.anvil.setCode({ address, bytecode: assemble(source) })
  return address
}

describe('an operation that somebody else landed', () => {
  it('is not confused with another of its sender and nonce in the same calldata', async () => {
    const landed = await calling(0, '0x')
    const decoy = await calling(0, '0x1234')
    // Passes on what stands behind the decoy.
    const skipped = size(bundleOf(decoy))
    const relay = await placed(`
      ${skipped} CALLDATASIZE SUB ${skipped} 0 CALLDATACOPY
      0 0 ${skipped} CALLDATASIZE SUB 0 0 ${entryPoint07Address} GAS CALL STOP`)
    await landThrough(relay, concat([bundleOf(decoy), bundleOf(landed)]))
    expect(await core.receipts.operationByHash(landed.userOperationHash)).toMatchObject({
      userOperation: onWire(landed),
    })
    expect(await core.receipts.operationByHash(decoy.userOperationHash)).toBeNull()
  })

  it('is told where this node knows it, though a contract passed it on in an encoding of its own', async () => {
    const [known, unknown] = [await chain.operation(account(0)), await chain.operation(account(1))]
    await core.mempool.add(known)
    // The first byte of each bundle's selector is left out of the calldata.
    const relay = await placed(`
      0x76 0 MSTORE8 CALLDATASIZE 0 1 CALLDATACOPY
      0 0 CALLDATASIZE 1 ADD 0 0 ${entryPoint07Address} GAS CALL STOP`)
    const transactionHash = await landThrough(relay, slice(bundleOf(known, unknown), 1))
    expect(await core.receipts.operationByHash(known.userOperationHash)).toMatchObject({
      userOperation: onWire(known),
      transactionHash,
    })
    expect(await core.receipts.operationByHash(unknown.userOperationHash)).toBeNull()
    expect(await core.receipts.receiptOf(unknown.userOperationHash)).toMatchObject({ success: true })
  })

  it('is looked for in its transaction once, however often it is asked for', async () => {
    const all = [await chain.operation(account(0)), await chain.operation(account(1))]
    await landThrough(entryPoint07Address, bundleOf(...all))
    asked.length = 0
    for (let times = 0; times < 3; times++) {
      await Promise.all(all.map(one => core.receipts.operationByHash(one.userOperationHash)))
    }
    expect(asked).toEqual(['eth_getTransactionByHash'])
  })

  it('is looked for on the chain once a block where nobody knows it', async () => {
    const hash: Hash = `0x${'cd'.repeat(32)}`
    asked.length = 0
    await Promise.all([1, 2, 3].map(() => core.receipts.operationByHash(hash)))
    await core.receipts.receiptOf(hash)
    expect(asked).toEqual(['eth_getLogs'])
    await chain.mine()
    await core.look()
    asked.length = 0
    await core.receipts.receiptOf(hash)
    expect(asked).toEqual(['eth_getLogs'])
  })

  it('is looked for together with all others that are asked for meanwhile, in one search at a time', async () => {
    const landed = [await chain.operation(account(0)), await chain.operation(account(1))]
    await landThrough(entryPoint07Address, bundleOf(...landed))
    const unknown = Array.from({ length: 126 }, (_, index): Hash => numberToHex(index + 1, { size: 32 }))
    await core.database.deleteFrom('inclusion').execute()
    asked.length = 0
    const hashes = [...unknown, ...landed.map(one => one.userOperationHash)]
    const told = await Promise.all(hashes.map(hash => core.receipts.statusOf(hash)))
    expect(told.map(({ status }) => status)).toEqual([
      ...unknown.map(() => 'not_found'),
      'included',
      'included',
    ])
    expect(asked).toEqual(['eth_getLogs', 'eth_getLogs', 'eth_getLogs'])
  })
})
