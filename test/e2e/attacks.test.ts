// Known ways to make a paymaster pay for nothing, tried through the whole stack: signed by the service,
// taken or refused by the bundler, decided by the contracts.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { decodePaymasterData } from '@worldland-aa/sdk/protocol/paymasterData'
import { toSimpleSmartAccount } from 'permissionless/accounts'
import { type Address, encodeFunctionData, type Hex, http, maxUint256, parseEther } from 'viem'
import { createBundlerClient, formatUserOperationRequest, type UserOperation } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { devnetStage, settled } from '../support/devnet.ts'
import { billOf, giveTokens, holdingsOf } from '../support/money.ts'
import { ask, type RpcAnswer, type RpcError } from '../support/rpc.ts'
import { testContracts } from '../support/testEntities.ts'

const stage = devnetStage({ serving: false })

async function newAccount(pays: 'operator' | 'token') {
  const account = await toSimpleSmartAccount({
    client: stage.client,
    owner: privateKeyToAccount(generatePrivateKey()),
    entryPoint: { address: entryPoint07Address, version: '0.7' },
  })
  const { token } = stage.devnet.contracts
  const bundler = createBundlerClient({
    account,
    client: stage.client,
    transport: http(stage.devnet.bundlerUrl),
    pollingInterval: 200,
    paymaster: true,
    ...(pays === 'token' ? { paymasterContext: { token } } : {}),
  })
  return { account, address: account.address, bundler }
}

type Change = (signed: UserOperation<'0.7'>) => Partial<UserOperation<'0.7'>>
type Account = Awaited<ReturnType<typeof newAccount>>

const tokenCall = (functionName: 'approve' | 'transfer', to: Address, amountWei: bigint) =>
  ({ to: stage.devnet.contracts.token, abi: computeTokenAbi, functionName, args: [to, amountWei] }) as const

async function land(
  { bundler }: Account,
  calls: readonly ReturnType<typeof tokenCall>[],
  payment: { paymasterContext?: unknown } = {},
) {
  const hash = await bundler.sendUserOperation({ calls, ...payment })
  const { receipt } = await bundler.waitForUserOperationReceipt({ hash, timeout: 60_000 })
  return await billOf(stage, { userOpHash: hash, transactionHash: receipt.transactionHash })
}

const debtOf = (sender: Address): Promise<bigint> =>
  stage.client.readContract({
    address: stage.devnet.contracts.paymaster,
    abi: computePaymasterAbi,
    functionName: 'debtOf',
    args: [sender],
  })

/** Signed by the paymaster for one operation, changed by the sender, signed by the sender. */
async function sendTampered({ account, bundler }: Account, change: Change): Promise<RpcAnswer> {
  const calls = [tokenCall('approve', stage.devnet.contracts.instanceLease, 1n)]
  const prepared = (await bundler.prepareUserOperation({ calls })) as UserOperation<'0.7'>
  const changed = { ...prepared, ...change(prepared) }
  const signature = await account.signUserOperation(changed)
  const wire = formatUserOperationRequest({ ...changed, signature } as UserOperation)
  return await ask(stage.devnet.bundlerUrl, 'eth_sendUserOperation', wire, entryPoint07Address)
}

async function refusalOfTampered(account: Account, change: Change): Promise<RpcError> {
  const { error, result } = await sendTampered(account, change)
  if (error === undefined) throw new Error(`A tampered operation was taken: ${result}`)
  return error
}

describe('a sponsorship is for the very operation that was signed for', () => {
  const changes: readonly (readonly [string, Change])[] = [
    [
      'postOp gas that was raised',
      ({ paymasterPostOpGasLimit = 0n }) => ({ paymasterPostOpGasLimit: paymasterPostOpGasLimit + 1n }),
    ],
    [
      "verification gas of the paymaster's that was raised",
      ({ paymasterVerificationGasLimit = 0n }) => ({
        paymasterVerificationGasLimit: paymasterVerificationGasLimit + 1n,
      }),
    ],
    ['call gas that was raised', ({ callGasLimit }) => ({ callGasLimit: callGasLimit * 2n })],
    [
      'preVerificationGas that was raised',
      ({ preVerificationGas }) => ({ preVerificationGas: preVerificationGas + 10_000n }),
    ],
    [
      'a higher tip',
      ({ maxFeePerGas, maxPriorityFeePerGas }) => ({
        maxFeePerGas: maxFeePerGas * 2n,
        maxPriorityFeePerGas: maxPriorityFeePerGas * 2n,
      }),
    ],
    ['another call', ({ callData }) => ({ callData: `${callData.slice(0, -64)}${'f'.repeat(64)}` as Hex })],
    ['another nonce lane', ({ nonce }) => ({ nonce: nonce + (1n << 64n) })],
  ]

  it('is taken when nothing was changed', async () => {
    expect((await sendTampered(await newAccount('operator'), () => ({}))).error).toBeUndefined()
  })

  it.each(changes)('with %s it is refused before it costs anything', async (_, change) => {
    const error = await refusalOfTampered(await newAccount('operator'), change)
    expect([-32501, -32507]).toContain(error.code)
    expect(error.message).toMatch(/^AA3[34]/)
  })

  it('does not serve another account', async () => {
    const [honest, thief] = [await newAccount('operator'), await newAccount('operator')]
    const calls = [tokenCall('approve', stage.devnet.contracts.instanceLease, 1n)]
    const granted = (await honest.bundler.prepareUserOperation({ calls })) as UserOperation<'0.7'>
    const error = await refusalOfTampered(thief, () => ({ paymasterData: granted.paymasterData ?? '0x' }))
    expect([-32501, -32507]).toContain(error.code)
  })

  it('does not serve twice', async () => {
    const account = await newAccount('operator')
    const calls = [tokenCall('approve', stage.devnet.contracts.instanceLease, 1n)]
    const granted = (await account.bundler.prepareUserOperation({ calls })) as UserOperation<'0.7'>
    const hash = await account.bundler.sendUserOperation({
      ...granted,
      signature: await account.account.signUserOperation(granted),
      entryPointAddress: entryPoint07Address,
    })
    await account.bundler.waitForUserOperationReceipt({ hash, timeout: 60_000 })
    const error = await refusalOfTampered(account, () => ({ paymasterData: granted.paymasterData ?? '0x' }))
    expect([-32501, -32507]).toContain(error.code)
  })
})

describe('gas that is paid in the token', () => {
  it('is paid though the operation gives all its tokens away', async () => {
    const account = await newAccount('token')
    const { paymaster } = stage.devnet.contracts
    await giveTokens(stage, account.address, parseEther('1'))
    await land(account, [tokenCall('approve', paymaster, maxUint256)])
    const accomplice = privateKeyToAccount(generatePrivateKey()).address
    const [before, paymasterBefore] = await Promise.all([
      holdingsOf(stage, account.address),
      holdingsOf(stage, paymaster),
    ])
    // All that is left once the greatest possible charge is set aside.
    const leftWei = before.tokenWei - parseEther('0.05')
    const bill = await land(account, [tokenCall('transfer', accomplice, leftWei)])
    const paymasterAfter = await holdingsOf(stage, paymaster)
    expect(bill.success).toBe(true)
    expect(paymasterAfter.tokenWei - paymasterBefore.tokenWei).toBe(bill.chargeWei)
    expect(bill.chargeWei).toBeGreaterThanOrEqual(paymasterBefore.depositWei - paymasterAfter.depositWei)
  })

  it('is not signed for when the operation would leave nothing to take', async () => {
    const account = await newAccount('token')
    const accomplice = privateKeyToAccount(generatePrivateKey()).address
    await giveTokens(stage, account.address, parseEther('1'))
    const drain = [
      tokenCall('approve', stage.devnet.contracts.paymaster, maxUint256),
      tokenCall('transfer', accomplice, parseEther('1')),
    ]
    await expect(account.bundler.sendUserOperation({ calls: drain })).rejects.toThrow(/token|pay|leave/i)
  })

  it('is owed when the tokens vanish after the signature: the execution is undone, the debt is collected', async () => {
    const account = await newAccount('token')
    const { paymaster, token } = stage.devnet.contracts
    const accomplice = privateKeyToAccount(generatePrivateKey()).address
    const contracts = testContracts(stage.faucet)
    const trapdoor = await contracts.deploy('Trapdoor')
    const abi = contracts.abiOf('Trapdoor')
    await giveTokens(stage, account.address, parseEther('1'))
    // On the house: the operator's policy sponsors approvals.
    await land(account, [tokenCall('approve', trapdoor, maxUint256)], { paymasterContext: {} })

    const step = encodeFunctionData({ abi, functionName: 'step', args: [token, accomplice] })
    const signed = await account.bundler.prepareUserOperation({
      calls: [tokenCall('approve', paymaster, maxUint256), { to: trapdoor, data: step }],
    })
    await settled(
      stage.faucet,
      await stage.faucet.writeContract({ address: trapdoor, abi, functionName: 'open' }),
    )
    const before = await holdingsOf(stage, paymaster)
    const hash = await account.bundler.sendUserOperation({
      ...signed,
      signature: await account.account.signUserOperation(signed),
      entryPointAddress: entryPoint07Address,
    })
    const { success } = await account.bundler.waitForUserOperationReceipt({ hash, timeout: 60_000 })
    const lostWei = before.depositWei - (await holdingsOf(stage, paymaster)).depositWei
    expect(success).toBe(false)
    expect((await holdingsOf(stage, accomplice)).tokenWei).toBe(0n)
    expect((await holdingsOf(stage, account.address)).tokenWei).toBe(parseEther('1'))
    const debtWei = await debtOf(account.address)
    expect(debtWei).toBeGreaterThanOrEqual(lostWei)

    // Nothing more is lent to a debtor …
    const again = [tokenCall('approve', paymaster, maxUint256)]
    await expect(account.bundler.sendUserOperation({ calls: again })).rejects.toThrow(/debt|owe/i)
    // … and the first operation that pays in advance pays the debt as well.
    await land(account, again, { paymasterContext: {} })
    const owing = await holdingsOf(stage, account.address)
    const bill = await land(account, [tokenCall('approve', trapdoor, 0n)])
    expect(await debtOf(account.address)).toBe(0n)
    expect(owing.tokenWei - (await holdingsOf(stage, account.address)).tokenWei).toBe(
      (bill.chargeWei ?? 0n) + debtWei,
    )
  })

  it('is not signed for more than the account holds', async () => {
    const account = await newAccount('token')
    await giveTokens(stage, account.address, 1_000n)
    const calls = [tokenCall('approve', stage.devnet.contracts.paymaster, maxUint256)]
    await expect(account.bundler.sendUserOperation({ calls })).rejects.toThrow(/token|balance|hold/i)
  })

  it('names its greatest charge in the signed terms, and never takes more', async () => {
    const account = await newAccount('token')
    const { paymaster } = stage.devnet.contracts
    await giveTokens(stage, account.address, parseEther('1'))
    await land(account, [tokenCall('approve', paymaster, maxUint256)])
    const calls = [tokenCall('approve', stage.devnet.contracts.instanceLease, 1n)]
    const hash = await account.bundler.sendUserOperation({ calls })
    const { receipt } = await account.bundler.waitForUserOperationReceipt({ hash, timeout: 60_000 })
    const { userOperation } = await account.bundler.getUserOperation({ hash })
    const terms = decodePaymasterData(userOperation.paymasterData ?? '0x')?.terms
    const bill = await billOf(stage, { userOpHash: hash, transactionHash: receipt.transactionHash })
    expect(terms?.mode === 'token' && terms.maxChargeWei).toBeGreaterThanOrEqual(bill.chargeWei ?? maxUint256)
  })
})
