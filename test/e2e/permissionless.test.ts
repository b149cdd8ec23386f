// Unmodified permissionless against the devnet: the clients most dApps have, and every wei accounted for.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { decodePaymasterData } from '@worldland-aa/sdk/protocol/paymasterData'
import { createSmartAccountClient } from 'permissionless'
import { toSimpleSmartAccount } from 'permissionless/accounts'
import { createPimlicoClient } from 'permissionless/clients/pimlico'
import { prepareUserOperationForErc20Paymaster } from 'permissionless/experimental/pimlico'
import { type Address, encodeFunctionData, http, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { worldLand } from 'viem/chains'
import { describe, expect, it } from 'vitest'
import { devnetStage } from '../support/devnet.ts'
import { eventually } from '../support/eventually.ts'
import { billOf, giveCoins, giveTokens, holdingsOf } from '../support/money.ts'

const stage = devnetStage({ serving: false })
const entryPoint = { address: entryPoint07Address, version: '0.7' } as const

const newPimlicoClient = () =>
  createPimlicoClient({ transport: http(stage.devnet.bundlerUrl), chain: worldLand, entryPoint })

/** A SimpleAccount of a new key, its client, and the pimlico client that serves it. */
async function newAccount(payment: 'self' | 'sponsor' | 'token' = 'self') {
  const pimlico = newPimlicoClient()
  const account = await toSimpleSmartAccount({
    client: stage.client,
    owner: privateKeyToAccount(generatePrivateKey()),
    entryPoint,
  })
  const client = createSmartAccountClient({
    account,
    chain: worldLand,
    client: stage.client,
    bundlerTransport: http(stage.devnet.bundlerUrl),
    pollingInterval: 200,
    ...(payment === 'self' ? {} : { paymaster: pimlico }),
    ...(payment === 'token' ? { paymasterContext: { token: stage.devnet.contracts.token } } : {}),
    userOperation: {
      estimateFeesPerGas: async () => (await pimlico.getUserOperationGasPrice()).fast,
      ...(payment === 'token'
        ? { prepareUserOperation: prepareUserOperationForErc20Paymaster(pimlico) }
        : {}),
    },
  })
  return { account, address: account.address, client, pimlico }
}

const approval = (spender: Address, amountWei = 1n) => ({
  to: stage.devnet.contracts.token,
  value: 0n,
  data: encodeFunctionData({
    abi: computeTokenAbi,
    functionName: 'approve',
    args: [spender, amountWei],
  }),
})

describe('createSmartAccountClient', () => {
  it('sends transactions that an account pays itself, undeployed and deployed, to the wei', async () => {
    const { address, client } = await newAccount('self')
    await giveCoins(stage, address, parseEther('1'))
    const recipient = privateKeyToAccount(generatePrivateKey()).address
    for (const value of [11n, 22n]) {
      const before = await holdingsOf(stage, address)
      const transactionHash = await client.sendTransaction({ to: recipient, value, data: '0x' })
      const after = await holdingsOf(stage, address)
      const bill = await billOf(stage, { transactionHash, sender: address })
      expect(bill.success).toBe(true)
      expect(before.nativeWei + before.depositWei - after.nativeWei - after.depositWei).toBe(
        value + bill.actualGasCostWei,
      )
    }
    expect((await holdingsOf(stage, recipient)).nativeWei).toBe(33n)
  })

  it('sends a batch that the operator sponsors, for an account that holds nothing', async () => {
    const { address, client } = await newAccount('sponsor')
    const { paymaster, instanceLease } = stage.devnet.contracts
    const before = await holdingsOf(stage, paymaster)
    const hash = await client.sendUserOperation({
      calls: [approval(instanceLease, 5n), approval(stage.faucet.account.address, 6n)],
    })
    const { receipt } = await client.waitForUserOperationReceipt({ hash, timeout: 60_000 })
    const bill = await billOf(stage, { userOpHash: hash, transactionHash: receipt.transactionHash })
    const after = await holdingsOf(stage, paymaster)
    expect(bill).toMatchObject({ success: true, chargeWei: undefined })
    expect(before.depositWei - after.depositWei).toBe(bill.actualGasCostWei)
    expect(await holdingsOf(stage, address)).toEqual({ nativeWei: 0n, tokenWei: 0n, depositWei: 0n })
  })

  it('writes to a contract as if the account were a key', async () => {
    const { address, client } = await newAccount('sponsor')
    const { token, instanceLease } = stage.devnet.contracts
    await client.writeContract({
      address: token,
      abi: computeTokenAbi,
      functionName: 'approve',
      args: [instanceLease, 77n],
    })
    const allowance = await stage.client.readContract({
      address: token,
      abi: computeTokenAbi,
      functionName: 'allowance',
      args: [address, instanceLease],
    })
    expect(allowance).toBe(77n)
  })
})

describe('createSmartAccountClient with prepareUserOperationForErc20Paymaster', () => {
  it('pays gas in the token from the first operation of an undeployed account on, to the wei', async () => {
    const { address, client } = await newAccount('token')
    const { paymaster, instanceLease } = stage.devnet.contracts
    await giveTokens(stage, address, parseEther('2'))
    for (const round of ['first', 'second', 'third']) {
      const [before, paymasterBefore] = await Promise.all([
        holdingsOf(stage, address),
        holdingsOf(stage, paymaster),
      ])
      const hash = await client.sendUserOperation({ calls: [approval(instanceLease, 9n)] })
      const { receipt } = await client.waitForUserOperationReceipt({ hash, timeout: 60_000 })
      const { userOperation } = await client.getUserOperation({ hash })
      const mode = decodePaymasterData(userOperation.paymasterData ?? '0x')?.terms.mode
      if (round === 'first') expect(mode).toBe('tokenDeferred')
      else expect(mode).toMatch(/^token/)
      const bill = await billOf(stage, { userOpHash: hash, transactionHash: receipt.transactionHash })
      const [after, paymasterAfter] = await Promise.all([
        holdingsOf(stage, address),
        holdingsOf(stage, paymaster),
      ])
      expect(bill.success, round).toBe(true)
      expect(before.tokenWei - after.tokenWei).toBe(bill.chargeWei)
      expect(paymasterBefore.depositWei - paymasterAfter.depositWei).toBe(bill.actualGasCostWei)
      expect(bill.chargeWei).toBeGreaterThanOrEqual(bill.actualGasCostWei)
      expect(after).toMatchObject({ nativeWei: 0n, depositWei: 0n })
    }
  })
})

describe('createPimlicoClient', () => {
  it('quotes gas prices at which an operation is taken', async () => {
    const { slow, standard, fast } = await newPimlicoClient().getUserOperationGasPrice()
    expect(slow.maxFeePerGas).toBeGreaterThan(0n)
    expect(standard.maxFeePerGas).toBeGreaterThanOrEqual(slow.maxFeePerGas)
    expect(fast.maxPriorityFeePerGas).toBeGreaterThanOrEqual(standard.maxPriorityFeePerGas)
    const { address, client } = await newAccount('self')
    await giveCoins(stage, address, parseEther('1'))
    const hash = await client.sendUserOperation({ calls: [{ to: address }], ...slow })
    expect((await client.waitForUserOperationReceipt({ hash, timeout: 60_000 })).success).toBe(true)
  })

  it('follows an operation from the mempool into a block', async () => {
    const { address, client, pimlico } = await newAccount('self')
    await giveCoins(stage, address, parseEther('1'))
    const hash = await client.sendUserOperation({ calls: [{ to: address }] })
    const early = await pimlico.getUserOperationStatus({ hash })
    expect(['not_submitted', 'submitted', 'included']).toContain(early.status)
    const late = await eventually(
      'the operation being included',
      () => pimlico.getUserOperationStatus({ hash }),
      ({ status }) => status === 'included',
    )
    const { receipt } = await pimlico.getUserOperationReceipt({ hash })
    expect(late.transactionHash).toBe(receipt.transactionHash)
  })

  it('quotes the compute token, and leaves out what is not accepted', async () => {
    const { token, paymaster, instanceLease } = stage.devnet.contracts
    const quotes = await newPimlicoClient().getTokenQuotes({ tokens: [instanceLease, token] })
    expect(quotes).toMatchObject([{ token, paymaster }])
    // One token for one coin, and the operator's markup of 10 %.
    expect(quotes[0]?.exchangeRate).toBe(parseEther('1.1'))
    expect(quotes[0]?.postOpGas).toBeGreaterThan(0n)
  })

  it('tells in tokens what an operation will cost at most, and it costs no more', async () => {
    const { address, client, pimlico } = await newAccount('token')
    const { token, instanceLease } = stage.devnet.contracts
    await giveTokens(stage, address, parseEther('2'))
    const userOperation = await client.prepareUserOperation({ calls: [approval(instanceLease)] })
    const { costInToken } = await pimlico.estimateErc20PaymasterCost({ userOperation, token })
    const hash = await client.sendUserOperation({ calls: [approval(instanceLease)] })
    const { receipt } = await client.waitForUserOperationReceipt({ hash, timeout: 60_000 })
    const bill = await billOf(stage, { userOpHash: hash, transactionHash: receipt.transactionHash })
    expect(bill.chargeWei).toBeLessThanOrEqual(costInToken)
  })

  it('sponsors by pm_sponsorUserOperation, gas included', async () => {
    const { account, client, pimlico } = await newAccount('self')
    const { instanceLease, paymaster } = stage.devnet.contracts
    const draft = await client.prepareUserOperation({
      calls: [approval(instanceLease)],
      callGasLimit: 0n,
      verificationGasLimit: 0n,
      preVerificationGas: 0n,
      parameters: ['factory', 'fees', 'nonce', 'signature'],
    })
    const sponsored = await pimlico.sponsorUserOperation({ userOperation: draft })
    expect(sponsored).toMatchObject({ paymaster })
    const operation = { ...draft, ...sponsored }
    const signature = await account.signUserOperation(operation)
    const hash = await pimlico.sendUserOperation({
      ...operation,
      signature,
      entryPointAddress: entryPoint07Address,
    })
    expect((await pimlico.waitForUserOperationReceipt({ hash, timeout: 60_000 })).success).toBe(true)
  })

  it('names the policies that would sponsor an operation', async () => {
    const { client, pimlico } = await newAccount('sponsor')
    const userOperation = await client.prepareUserOperation({
      calls: [approval(stage.devnet.contracts.instanceLease)],
    })
    const policies = await pimlico.validateSponsorshipPolicies({
      userOperation,
      sponsorshipPolicyIds: ['rentals', 'no-such-policy'],
    })
    expect(policies.map(policy => policy.sponsorshipPolicyId)).toEqual(['rentals'])
  })
})
