// Unmodified viem against the devnet: what a dApp's code looks like, and every wei accounted for.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { decodePaymasterData, type PaymasterMode } from '@worldland-aa/sdk/protocol/paymasterData'
import { toSimpleSmartAccount } from 'permissionless/accounts'
import { type Address, type Hash, type Hex, http, maxUint256, parseEther } from 'viem'
import { createBundlerClient, createPaymasterClient, type PaymasterActions } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { devnetStage } from '../support/devnet.ts'
import { billOf, fillTank, giveCoins, giveTokens, holdingsOf } from '../support/money.ts'

const stage = devnetStage({ serving: false })

/** A SimpleAccount of a new key, and a viem client for it. */
async function newAccount(payment: { paymaster?: true | PaymasterActions; paymasterContext?: unknown } = {}) {
  const account = await toSimpleSmartAccount({
    client: stage.client,
    owner: privateKeyToAccount(generatePrivateKey()),
    entryPoint: { address: entryPoint07Address, version: '0.7' },
  })
  const bundler = createBundlerClient({
    account,
    client: stage.client,
    transport: http(stage.devnet.bundlerUrl),
    pollingInterval: 200,
    ...payment,
  })
  return { account, address: account.address, bundler }
}

type Bundler = Awaited<ReturnType<typeof newAccount>>['bundler']

async function land(bundler: Bundler, hash: Hash) {
  const receipt = await bundler.waitForUserOperationReceipt({ hash, timeout: 60_000 })
  const bill = await billOf(stage, { userOpHash: hash, transactionHash: receipt.receipt.transactionHash })
  expect(receipt.success).toBe(bill.success)
  expect(receipt.actualGasCost).toBe(bill.actualGasCostWei)
  return { receipt, bill }
}

const approval = (spender: Address, amountWei = 1n) =>
  ({
    to: stage.devnet.contracts.token,
    abi: computeTokenAbi,
    functionName: 'approve',
    args: [spender, amountWei],
  }) as const

const allowance = (owner: Address, spender: Address) =>
  stage.client.readContract({
    address: stage.devnet.contracts.token,
    abi: computeTokenAbi,
    functionName: 'allowance',
    args: [owner, spender],
  })

const modeOf = (paymasterData: Hex | undefined): PaymasterMode | undefined =>
  decodePaymasterData(paymasterData ?? '0x')?.terms.mode

describe('viem, paid by the account itself', () => {
  it('deploys an account with its first operation and pays from its coins, to the wei', async () => {
    const { address, bundler } = await newAccount()
    await giveCoins(stage, address, parseEther('1'))
    const recipient = privateKeyToAccount(generatePrivateKey()).address
    const hash = await bundler.sendUserOperation({ calls: [{ to: recipient, value: 123_456_789n }] })
    const { bill } = await land(bundler, hash)
    expect(bill).toMatchObject({ success: true, chargeWei: undefined })
    expect(await stage.client.getCode({ address })).toMatch(/^0x[0-9a-f]+$/)
    expect((await holdingsOf(stage, recipient)).nativeWei).toBe(123_456_789n)
    const after = await holdingsOf(stage, address)
    expect(after.nativeWei + after.depositWei).toBe(parseEther('1') - 123_456_789n - bill.actualGasCostWei)
  })

  it('sends a batch from a deployed account, all or nothing', async () => {
    const { address, bundler } = await newAccount()
    await giveCoins(stage, address, parseEther('1'))
    await land(bundler, await bundler.sendUserOperation({ calls: [{ to: address }] }))
    const recipients = [1, 2, 3].map(() => privateKeyToAccount(generatePrivateKey()).address)
    const before = await holdingsOf(stage, address)
    const hash = await bundler.sendUserOperation({ calls: recipients.map(to => ({ to, value: 5n })) })
    const { bill } = await land(bundler, hash)
    for (const recipient of recipients) {
      expect((await holdingsOf(stage, recipient)).nativeWei).toBe(5n)
    }
    const after = await holdingsOf(stage, address)
    expect(before.nativeWei + before.depositWei - after.nativeWei - after.depositWei).toBe(
      bill.actualGasCostWei + 15n,
    )
  })

  it('says that the account cannot pay, before anything is sent', async () => {
    const { address, bundler } = await newAccount()
    await expect(bundler.sendUserOperation({ calls: [{ to: address }] })).rejects.toThrow(/AA21/)
  })

  it('passes the reason of a call that reverts on to the caller', async () => {
    const { address, bundler } = await newAccount()
    await giveCoins(stage, address, parseEther('1'))
    const overspend = {
      to: stage.devnet.contracts.token,
      abi: computeTokenAbi,
      functionName: 'transfer',
      args: [stage.faucet.account.address, parseEther('5')],
    } as const
    await expect(bundler.sendUserOperation({ calls: [overspend] })).rejects.toThrow(
      /ERC20InsufficientBalance|revert/i,
    )
  })
})

describe('viem with `paymaster: true`', () => {
  it('has the operator sponsor an account that holds nothing at all, from its deployment on', async () => {
    const { address, bundler } = await newAccount({ paymaster: true })
    const { paymaster, instanceLease } = stage.devnet.contracts
    for (const [round, amountWei] of [7n, 8n].entries()) {
      const before = await holdingsOf(stage, paymaster)
      const hash = await bundler.sendUserOperation({ calls: [approval(instanceLease, amountWei)] })
      const { receipt, bill } = await land(bundler, hash)
      expect(receipt.paymaster).toBe(paymaster)
      expect(bill, `round ${round}`).toMatchObject({ success: true, chargeWei: undefined })
      const after = await holdingsOf(stage, paymaster)
      expect(before.depositWei - after.depositWei).toBe(bill.actualGasCostWei)
      expect(await allowance(address, instanceLease)).toBe(amountWei)
    }
    expect(await holdingsOf(stage, address)).toEqual({ nativeWei: 0n, tokenWei: 0n, depositWei: 0n })
  })

  it('is told which call the operator does not sponsor', async () => {
    const { bundler } = await newAccount({ paymaster: true })
    const stranger = privateKeyToAccount(generatePrivateKey()).address
    await expect(
      bundler.sendUserOperation({
        calls: [approval(stage.devnet.contracts.instanceLease), { to: stranger }],
      }),
    ).rejects.toThrow(/does not sponsor call 1/)
  })

  it('pays gas in the token: after the fact at first, in advance from then on, to the wei', async () => {
    const { token, paymaster, instanceLease } = stage.devnet.contracts
    const { address, bundler } = await newAccount({ paymaster: true, paymasterContext: { token } })
    await giveTokens(stage, address, parseEther('2'))
    const rounds: readonly (readonly [PaymasterMode, readonly ReturnType<typeof approval>[]])[] = [
      ['tokenDeferred', [approval(paymaster, maxUint256), approval(instanceLease, 1n)]],
      ['token', [approval(instanceLease, 2n)]],
      ['token', [approval(instanceLease, 3n), approval(stage.faucet.account.address, 4n)]],
    ]
    for (const [mode, calls] of rounds) {
      const [before, paymasterBefore] = await Promise.all([
        holdingsOf(stage, address),
        holdingsOf(stage, paymaster),
      ])
      const hash = await bundler.sendUserOperation({ calls })
      const { bill } = await land(bundler, hash)
      const { userOperation } = await bundler.getUserOperation({ hash })
      expect(modeOf(userOperation.paymasterData)).toBe(mode)
      const [after, paymasterAfter] = await Promise.all([
        holdingsOf(stage, address),
        holdingsOf(stage, paymaster),
      ])
      expect(bill.success).toBe(true)
      expect(before.tokenWei - after.tokenWei).toBe(bill.chargeWei)
      expect(paymasterAfter.tokenWei - paymasterBefore.tokenWei).toBe(bill.chargeWei)
      expect(paymasterBefore.depositWei - paymasterAfter.depositWei).toBe(bill.actualGasCostWei)
      // The markup is 10 %; what is collected never falls short of what was spent.
      expect(bill.chargeWei).toBeGreaterThanOrEqual((bill.actualGasCostWei * 11n) / 10n)
      expect(bill.chargeWei).toBeLessThan((bill.actualGasCostWei * 14n) / 10n)
      expect(after).toMatchObject({ nativeWei: 0n, depositWei: 0n })
    }
  })

  it('pays gas out of a prepaid tank, from the deployment on, though the account holds nothing', async () => {
    const { paymaster, instanceLease } = stage.devnet.contracts
    const { address, bundler } = await newAccount({ paymaster: true, paymasterContext: { tank: true } })
    const tankOf = () =>
      stage.client.readContract({
        address: paymaster,
        abi: computePaymasterAbi,
        functionName: 'tankOf',
        args: [address],
      })
    await fillTank(stage, address, parseEther('1'))
    for (const amountWei of [1n, 2n]) {
      const before = await tankOf()
      const hash = await bundler.sendUserOperation({ calls: [approval(instanceLease, amountWei)] })
      const { bill } = await land(bundler, hash)
      const { userOperation } = await bundler.getUserOperation({ hash })
      expect(modeOf(userOperation.paymasterData)).toBe('tank')
      expect(bill.success).toBe(true)
      expect(before - (await tankOf())).toBe(bill.chargeWei)
      expect(bill.chargeWei).toBeGreaterThanOrEqual((bill.actualGasCostWei * 11n) / 10n)
      expect(bill.chargeWei).toBeLessThan((bill.actualGasCostWei * 12n) / 10n)
    }
    expect(await holdingsOf(stage, address)).toEqual({ nativeWei: 0n, tokenWei: 0n, depositWei: 0n })
  })

  it('refuses to take the token from an account that has none, and says so', async () => {
    const { token, paymaster } = stage.devnet.contracts
    const { bundler } = await newAccount({ paymaster: true, paymasterContext: { token } })
    await expect(bundler.sendUserOperation({ calls: [approval(paymaster, maxUint256)] })).rejects.toThrow(
      /balance|token|fund/i,
    )
  })
})

describe("viem's createPaymasterClient at the paymaster's own URL", () => {
  it('sponsors and takes the token as through the bundler', async () => {
    const paymasterClient = createPaymasterClient({ transport: http(stage.devnet.paymasterUrl) })
    const { token, paymaster, instanceLease } = stage.devnet.contracts
    const { address, bundler } = await newAccount({ paymaster: paymasterClient })
    const sponsored = await bundler.sendUserOperation({ calls: [approval(instanceLease)] })
    expect((await land(bundler, sponsored)).bill).toMatchObject({ success: true, chargeWei: undefined })
    await giveTokens(stage, address, parseEther('1'))
    const paid = await bundler.sendUserOperation({
      calls: [approval(paymaster, maxUint256)],
      paymasterContext: { token },
    })
    const { bill } = await land(bundler, paid)
    expect((await holdingsOf(stage, address)).tokenWei).toBe(parseEther('1') - (bill.chargeWei ?? 0n))
    expect(bill.chargeWei).toBeGreaterThan(0n)
  })
})

describe("viem's other bundler actions", () => {
  it('name the chain and the entry point', async () => {
    const { bundler } = await newAccount()
    expect(await bundler.getChainId()).toBe(103)
    expect(await bundler.getSupportedEntryPoints()).toEqual([entryPoint07Address])
  })

  it('estimate, find and explain an operation', async () => {
    const { address, account, bundler } = await newAccount()
    await giveCoins(stage, address, parseEther('1'))
    const estimate = await bundler.estimateUserOperationGas({ account, calls: [{ to: address }] })
    expect(estimate.callGasLimit).toBeGreaterThan(0n)
    const hash = await bundler.sendUserOperation({ calls: [{ to: address }] })
    const { receipt } = await land(bundler, hash)
    const landed = await bundler.getUserOperation({ hash })
    expect(landed.userOperation.sender).toBe(address)
    expect(landed.transactionHash).toBe(receipt.receipt.transactionHash)
    expect(landed.blockNumber).toBe(receipt.receipt.blockNumber)
    expect((await bundler.getUserOperationReceipt({ hash })).userOpHash).toBe(hash)
  })

  it('know nothing of an operation that nobody sent', async () => {
    const { bundler } = await newAccount()
    const hash = `0x${'cd'.repeat(32)}` as const
    await expect(bundler.getUserOperation({ hash })).rejects.toThrow(/could not be found/)
    await expect(bundler.getUserOperationReceipt({ hash })).rejects.toThrow(/could not be found/)
  })
})
