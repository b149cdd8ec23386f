// What client libraries ask under names and in orders of their own, against the devnet: the clients themselves are not
// installed here, so each question is put as its unmodified client puts it.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { toSimpleSmartAccount } from 'permissionless/accounts'
import { type Hex, http, numberToHex, parseEther, zeroAddress } from 'viem'
import {
  createBundlerClient,
  createPaymasterClient,
  formatUserOperationRequest,
  type UserOperation,
} from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { devnetStage } from '../support/devnet.ts'
import { giveCoins } from '../support/money.ts'
import { resultOf } from '../support/rpc.ts'

const stage = devnetStage({ serving: false })

const newAccount = () =>
  toSimpleSmartAccount({
    client: stage.client,
    owner: privateKeyToAccount(generatePrivateKey()),
    entryPoint: { address: entryPoint07Address, version: '0.7' },
  })
type Account = Awaited<ReturnType<typeof newAccount>>

const clientOf = (account: Account, options: object = {}) =>
  createBundlerClient({
    account,
    client: stage.client,
    transport: http(stage.devnet.bundlerUrl),
    pollingInterval: 200,
    ...options,
  })

const approval = (): object => ({
  to: stage.devnet.contracts.token,
  abi: computeTokenAbi,
  functionName: 'approve',
  args: [stage.devnet.contracts.instanceLease, 7n],
})
type Gas = Readonly<Record<string, Hex>>

async function feesNow(): Promise<{ maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }> {
  const { standard } = await resultOf<{ standard: Gas }>(
    stage.devnet.bundlerUrl,
    'pimlico_getUserOperationGasPrice',
  )
  return {
    maxFeePerGas: BigInt(standard.maxFeePerGas ?? 0),
    maxPriorityFeePerGas: BigInt(standard.maxPriorityFeePerGas ?? 0),
  }
}

/** Without gas and paymaster. */
async function bareOperation(account: Account): Promise<UserOperation<'0.7'>> {
  return (await clientOf(account).prepareUserOperation({
    calls: [approval()],
    parameters: ['factory', 'nonce', 'signature'],
    ...(await feesNow()),
  } as never)) as UserOperation<'0.7'>
}

async function land(account: Account, operation: UserOperation<'0.7'>) {
  const signature = await account.signUserOperation(operation)
  const wire = formatUserOperationRequest({ ...operation, signature })
  const hash = await resultOf<Hex>(
    stage.devnet.bundlerUrl,
    'eth_sendUserOperation',
    wire,
    entryPoint07Address,
  )
  return await clientOf(account).waitForUserOperationReceipt({ hash, timeout: 60_000 })
}

const bigints = (gas: Gas) =>
  Object.fromEntries(
    Object.entries(gas).map(([name, value]) => [name, /Gas/.test(name) ? BigInt(value) : value]),
  )

describe('a client of its own', () => {
  it('that asks for signed paymaster data alone, before there is gas, lands what it gets (viem, Biconomy)', async () => {
    const { getPaymasterData } = createPaymasterClient({ transport: http(stage.devnet.paymasterUrl) })
    const account = await newAccount()
    const client = clientOf(account, { paymaster: { getPaymasterData } })
    const hash = await client.sendUserOperation({ calls: [approval()], ...(await feesNow()) } as never)
    const receipt = await client.waitForUserOperationReceipt({ hash, timeout: 60_000 })
    expect(receipt).toMatchObject({ success: true, paymaster: stage.devnet.contracts.paymaster })
  })

  it('that takes the gas of a later estimate with what was signed, lands it too (viem since 2.57)', async () => {
    const account = await newAccount()
    const operation = await bareOperation(account)
    const chainId = numberToHex(stage.devnet.chainId)
    const { paymaster, paymasterData, paymasterVerificationGasLimit, paymasterPostOpGasLimit } =
      await resultOf<Gas>(
        stage.devnet.paymasterUrl,
        'pm_getPaymasterData',
        formatUserOperationRequest(operation),
        entryPoint07Address,
        chainId,
        null,
      )
    const signedOver = {
      paymaster,
      paymasterData,
      paymasterVerificationGasLimit: BigInt(paymasterVerificationGasLimit ?? 0),
      paymasterPostOpGasLimit: BigInt(paymasterPostOpGasLimit ?? 0),
    }
    const complete = { ...operation, ...signedOver } as UserOperation<'0.7'>
    const estimate = await resultOf<Gas>(
      stage.devnet.bundlerUrl,
      'eth_estimateUserOperationGas',
      formatUserOperationRequest(complete),
      entryPoint07Address,
    )
    expect(await land(account, { ...complete, ...bigints(estimate) })).toMatchObject({ success: true })
  })

  it('finds one paymasterVerificationGasLimit, and a postOp limit that is not zero, at both daemons (thirdweb)', async () => {
    const operation = await bareOperation(await newAccount())
    const ask = (method: string, gas: object) =>
      resultOf<Gas>(
        stage.devnet.bundlerUrl,
        method,
        { ...formatUserOperationRequest(operation), ...gas },
        entryPoint07Address,
        ...(method.startsWith('pm_') ? [numberToHex(stage.devnet.chainId), null] : []),
      )
    const { sponsor: _, ...stub } = await ask('pm_getPaymasterStubData', {})
    const estimate = await ask('eth_estimateUserOperationGas', stub)
    const signed = await ask('pm_getPaymasterData', { ...stub, ...estimate })
    for (const answer of [estimate, signed]) {
      expect(answer).toMatchObject({
        paymasterVerificationGasLimit: stub.paymasterVerificationGasLimit,
        paymasterPostOpGasLimit: stub.paymasterPostOpGasLimit,
      })
    }
    expect(BigInt(stub.paymasterPostOpGasLimit ?? 0)).toBeGreaterThan(0n)
    const raised = numberToHex(BigInt(stub.paymasterVerificationGasLimit ?? 0) * 6n)
    const more = await ask('pm_getPaymasterData', { ...estimate, paymasterVerificationGasLimit: raised })
    expect(more.paymasterVerificationGasLimit).toBe(raised)
  })

  it('that estimates the paymaster’s gas by the bundler alone has just that signed for, and lands it', async () => {
    const { bundlerUrl } = stage.devnet
    const account = await newAccount()
    const operation = await bareOperation(account)
    const wire = formatUserOperationRequest(operation)
    const chainId = numberToHex(stage.devnet.chainId)
    const { paymaster, paymasterData } = await resultOf<Gas>(
      bundlerUrl,
      'pm_getPaymasterStubData',
      wire,
      entryPoint07Address,
      chainId,
      null,
    )
    const estimate = await resultOf<Gas>(
      bundlerUrl,
      'eth_estimateUserOperationGas',
      { ...wire, paymaster, paymasterData },
      entryPoint07Address,
    )
    const signed = await resultOf<Gas>(
      bundlerUrl,
      'pm_getPaymasterData',
      { ...wire, ...estimate },
      entryPoint07Address,
      chainId,
      null,
    )
    expect(estimate).toMatchObject({
      paymasterVerificationGasLimit: signed.paymasterVerificationGasLimit,
      paymasterPostOpGasLimit: signed.paymasterPostOpGasLimit,
    })
    const complete = { ...operation, ...bigints(estimate), ...bigints(signed) } as UserOperation<'0.7'>
    expect(await land(account, complete)).toMatchObject({ success: true })
  })

  it('estimates with the stand-in for a paymaster that Candide’s client asks for, and lands', async () => {
    const { paymasterUrl, bundlerUrl } = stage.devnet
    const chainId = await resultOf<Hex>(paymasterUrl, 'pm_chainId')
    const [served] = await resultOf<readonly Hex[]>(paymasterUrl, 'pm_supportedEntryPoints')
    const { paymasterMetadata, tokens } = await resultOf<{
      paymasterMetadata: { dummyPaymasterAndData: Gas }
      tokens: readonly { address: Hex; exchangeRate: Hex }[]
    }>(bundlerUrl, 'pm_supportedERC20Tokens', served)
    expect(tokens.map(token => token.address)).toEqual([stage.devnet.contracts.token])
    const account = await newAccount()
    const operation = {
      ...(await bareOperation(account)),
      ...bigints(paymasterMetadata.dummyPaymasterAndData),
    } as UserOperation<'0.7'>
    const unpriced = { ...operation, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }
    const estimate = await resultOf<Gas>(
      bundlerUrl,
      'eth_estimateUserOperationGas',
      formatUserOperationRequest(unpriced),
      served,
    )
    const { callGasLimit, verificationGasLimit, preVerificationGas } = bigints(estimate)
    const priced = {
      ...operation,
      callGasLimit,
      verificationGasLimit,
      preVerificationGas,
    } as UserOperation<'0.7'>
    const wire = formatUserOperationRequest(priced)
    const signed = await resultOf<Gas>(paymasterUrl, 'pm_getPaymasterData', wire, served, chainId, {})
    expect(await land(account, { ...priced, ...bigints(signed) })).toMatchObject({ success: true })
  })

  it('prices its operations under the name it knows (ZeroDev, Biconomy)', async () => {
    const { bundlerUrl } = stage.devnet
    for (const method of ['zd_getUserOperationGasPrice', 'biconomy_getGasFeeValues']) {
      const prices = await resultOf<Record<string, Gas>>(bundlerUrl, method)
      for (const speed of ['slow', 'standard', 'fast']) {
        expect(BigInt(prices[speed]?.maxFeePerGas ?? 0)).toBeGreaterThan(0n)
        expect(BigInt(prices[speed]?.maxPriorityFeePerGas ?? 0)).toBeGreaterThan(0n)
      }
    }
  })

  it('finds paymaster and reason in every receipt, as text (safe-eth-py, the official suite)', async () => {
    const account = await newAccount()
    await giveCoins(stage, account.address, parseEther('1'))
    const client = clientOf(account)
    const hash = await client.sendUserOperation({ calls: [{ to: account.address }] })
    await client.waitForUserOperationReceipt({ hash, timeout: 60_000 })
    const receipt = await resultOf(stage.devnet.bundlerUrl, 'eth_getUserOperationReceipt', hash)
    expect(receipt).toMatchObject({ paymaster: zeroAddress, reason: '0x' })
  })
})
