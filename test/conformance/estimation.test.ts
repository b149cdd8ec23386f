// eth_estimateUserOperationGas: for accounts that exist, do not exist yet, or hold nothing.

import { simpleAccountAbi } from '@worldland-aa/sdk/abi/simpleAccount'
import { simpleAccountFactoryAbi } from '@worldland-aa/sdk/abi/simpleAccountFactory'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Address, encodeFunctionData, type Hex, numberToHex, parseAbi, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBundler } from '../support/bundler.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import type { Daemon } from '../support/daemon.ts'
import { eventually } from '../support/eventually.ts'
import { errorOf, resultOf } from '../support/rpc.ts'
import { deployTestEntities, type TestEntities } from '../support/testEntities.ts'
import { hashOf, paidBy, type WireOperation, wireOperation } from '../support/wireOperation.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
const accountAbi = parseAbi([
  'function execute(address target, uint256 value, bytes data)',
  'function fail(string reason)',
])
const stubSignature = `0x${'fffffffffffffffffffffffffffffff0'.repeat(2)}${'7aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.repeat(2)}1c`
let chain: TestChain
let bundler: Daemon
let entities: TestEntities
let account: Address

beforeAll(async () => {
  chain = await startTestChain()
  entities = await deployTestEntities(chain.faucet)
  account = await entities.account('HonestAccount')
  await chain.mineEvery(1)
  bundler = await startBundler({ rpcUrl: chain.rpcUrl, folder })
})
afterAll(async () => {
  await bundler?.stop()
  await chain?.stop()
})

type Estimate = Readonly<Record<string, Hex>>

/** What wallets send: no gas, no fees. */
function unpriced(sender: Address, fields: Record<string, unknown> = {}): WireOperation {
  const {
    callGasLimit,
    verificationGasLimit,
    preVerificationGas,
    maxFeePerGas,
    maxPriorityFeePerGas,
    ...rest
  } = wireOperation(sender, fields)
  return { ...rest, sender }
}

const estimate = (operation: WireOperation, ...override: unknown[]): Promise<Estimate> =>
  resultOf(bundler.url, 'eth_estimateUserOperationGas', operation, entryPoint07Address, ...override)

/** A SimpleAccount that nobody has deployed. */
async function newSimpleAccount() {
  const owner = privateKeyToAccount(generatePrivateKey())
  const { simpleAccountFactory: factory } = chain.deployment.contracts
  const sender = await chain.client.readContract({
    address: factory,
    abi: simpleAccountFactoryAbi,
    functionName: 'getAddress',
    args: [owner.address, 0n],
  })
  const factoryData = encodeFunctionData({
    abi: simpleAccountFactoryAbi,
    functionName: 'createAccount',
    args: [owner.address, 0n],
  })
  const callData = (value: bigint): Hex =>
    encodeFunctionData({
      abi: simpleAccountAbi,
      functionName: 'execute',
      args: [entities.stranger, value, '0x'],
    })
  const operation = (value = 0n): WireOperation =>
    unpriced(sender, {
      factory,
      factoryData,
      callData: callData(value),
      signature: stubSignature,
      nonce: '0x0',
    })
  return { owner, sender, operation }
}

describe('an estimate', () => {
  it('is enough: the operation with exactly these limits lands', async () => {
    const visit = encodeFunctionData({ abi: parseAbi(['function visit()']), functionName: 'visit' })
    const callData = encodeFunctionData({
      abi: accountAbi,
      functionName: 'execute',
      args: [entities.stranger, 0n, visit],
    })
    const gas = await estimate(unpriced(account, { callData }))
    expect(Object.keys(gas).sort()).toEqual(['callGasLimit', 'preVerificationGas', 'verificationGasLimit'])
    const hash = await resultOf<Hex>(
      bundler.url,
      'eth_sendUserOperation',
      wireOperation(account, { callData, ...gas }),
      entryPoint07Address,
    )
    const receipt = await eventually(
      'the receipt',
      () => resultOf<{ success: boolean } | null>(bundler.url, 'eth_getUserOperationReceipt', hash),
      found => found !== null,
    )
    expect(receipt?.success).toBe(true)
  })

  it('is made for an account that is neither deployed nor funded, with a stub signature', async () => {
    const { operation } = await newSimpleAccount()
    const gas = await estimate(operation())
    const deployed = await estimate(unpriced(account))
    // Deploying costs; it is part of verification.
    expect(BigInt(gas.verificationGasLimit ?? 0)).toBeGreaterThan(
      BigInt(deployed.verificationGasLimit ?? 0) + 100_000n,
    )
  })

  it('is enough to deploy: funded and signed, the operation with exactly these limits lands', async () => {
    const { owner, sender, operation } = await newSimpleAccount()
    const gas = await estimate(operation())
    await chain.anvil.setBalance({ address: sender, value: parseEther('1') })
    const { maxFeePerGas, maxPriorityFeePerGas } = wireOperation(account)
    const complete = { ...operation(), ...gas, maxFeePerGas, maxPriorityFeePerGas }
    const signature = await owner.signMessage({ message: { raw: hashOf(complete) } })
    const hash = await resultOf<Hex>(
      bundler.url,
      'eth_sendUserOperation',
      { ...complete, signature },
      entryPoint07Address,
    )
    const receipt = await eventually(
      'the receipt',
      () => resultOf<{ success: boolean } | null>(bundler.url, 'eth_getUserOperationReceipt', hash),
      found => found !== null,
    )
    expect(receipt?.success).toBe(true)
  })

  it("holds the paymaster's limits when there is a paymaster", async () => {
    const paymaster = await entities.paymaster('GenerousPaymaster', 10n ** 18n)
    const { paymasterVerificationGasLimit, paymasterPostOpGasLimit, ...rest } = paidBy(paymaster)
    const gas = await estimate(unpriced(account, rest))
    expect(BigInt(gas.paymasterVerificationGasLimit ?? 0)).toBeGreaterThan(0n)
  })

  it('looks at the state that the caller supposes', async () => {
    const { sender, operation } = await newSimpleAccount()
    const value = parseEther('3')
    const refused = await errorOf(
      bundler.url,
      'eth_estimateUserOperationGas',
      operation(value),
      entryPoint07Address,
    )
    expect(refused.code).toBe(-32521)
    const supposed = { [sender]: { balance: numberToHex(parseEther('4')) } }
    const gas = await estimate(operation(value), supposed)
    expect(BigInt(gas.callGasLimit ?? 0)).toBeGreaterThan(0n)
  })

  it('takes supposed code and storage as well', async () => {
    // PUSH1 0 SLOAD PUSH1 10 JUMPI PUSH1 0 DUP1 REVERT JUMPDEST STOP: reverts unless slot 0 holds something.
    const code = '0x600054600a57600080fd5b00'
    const address = `0x${'c0de'.repeat(10)}` as Address
    const callData = encodeFunctionData({
      abi: accountAbi,
      functionName: 'execute',
      args: [address, 0n, '0x'],
    })
    const word = (value: bigint): Hex => numberToHex(value, { size: 32 })
    await estimate(unpriced(account, { callData }), {
      [address]: { code, stateDiff: { [word(0n)]: word(1n) } },
    })
    const refused = await errorOf(
      bundler.url,
      'eth_estimateUserOperationGas',
      unpriced(account, { callData }),
      entryPoint07Address,
      { [address]: { code } },
    )
    expect(refused.code).toBe(-32521)
  })

  it('is refused with the reason when the execution would revert', async () => {
    const callData = encodeFunctionData({ abi: accountAbi, functionName: 'fail', args: ['sold out'] })
    const error = await errorOf(
      bundler.url,
      'eth_estimateUserOperationGas',
      unpriced(account, { callData }),
      entryPoint07Address,
    )
    expect(error.code).toBe(-32521)
    expect(error.message).toContain('sold out')
  })

  it('is refused with the AA text when validation would revert', async () => {
    const broken = await entities.account('RevertsInValidation')
    const error = await errorOf(
      bundler.url,
      'eth_estimateUserOperationGas',
      unpriced(broken),
      entryPoint07Address,
    )
    expect(error.code).toBe(-32500)
    expect(error.message).toMatch(/^AA23/)
    expect(error.message).toContain('not today')
  })
})
