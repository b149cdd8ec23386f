// How an operation may pay in the token, judged on a real chain.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { type Hash, type Hex, parseEther } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { paymasterGasOf } from '../pricing/paymasterGas.ts'
import type { RequestedOperation } from '../requestedOperation.ts'
import { landOperation } from '../testing/landOperation.ts'
import {
  approveCall,
  fees,
  gas,
  newAccount,
  type TestCall,
  transferCall,
  viemClient,
  welcomePolicy,
} from '../testing/renter.ts'
import { type Chain, startChain } from '../testing/startChain.ts'
import { type PaymasterUnderTest, startPaymaster } from '../testing/startPaymaster.ts'
import { decideTokenMode, guessTokenMode, type TokenModeOptions } from './tokenMode.ts'

let chain: Chain
let service: PaymasterUnderTest
let options: TokenModeOptions

beforeAll(async () => {
  chain = await startChain()
  service = await startPaymaster(chain, { policies: { policies: [welcomePolicy(chain)] } })
  const bounds = (minimum: bigint, maximum: bigint) => ({ minimum, maximum })
  const [, prepaid, deferred] = await Promise.all(
    [0, 1, 2].map(mode =>
      chain.client.readContract({
        address: chain.paymaster,
        abi: computePaymasterAbi,
        functionName: 'postOpGasLimitBounds',
        args: [mode],
      }),
    ),
  )
  if (!prepaid || !deferred) throw new Error('no bounds')
  const postOpGas = {
    sponsor: bounds(0n, 0n),
    token: bounds(...prepaid),
    tokenDeferred: bounds(...deferred),
    tank: bounds(0n, 0n),
    erc20: bounds(0n, 0n),
  }
  options = {
    client: chain.client,
    entryPoint: chain.entryPoint,
    paymaster: chain.paymaster,
    token: chain.token,
    markupBps: 500,
    debtLimitWei: 0n,
    gasLimitPercent: 200,
    gasOf: (mode, operation) => paymasterGasOf({ mode, operation, postOpGas }),
  }
})
afterAll(async () => {
  await service?.stop()
  await chain?.stop()
})

async function operationOf(
  account: SmartAccount,
  calls: readonly TestCall[],
  change: Partial<RequestedOperation> = {},
): Promise<RequestedOperation> {
  const { factory, factoryData } = await account.getFactoryArgs()
  return {
    sender: account.address,
    nonce: await account.getNonce(),
    ...(factory && factoryData ? { factory, factoryData } : {}),
    callData: await account.encodeCalls(calls as never),
    signature: await account.getStubSignature(),
    ...gas,
    ...fees,
    ...change,
  }
}

async function decide(
  account: SmartAccount,
  calls: readonly TestCall[],
  change: Partial<RequestedOperation> = {},
) {
  const decided = await decideTokenMode(options, await operationOf(account, calls, change))
  if (decided.ok) return { mode: decided.value.mode, maxChargeWei: decided.value.maxChargeWei, message: '' }
  const { reason } = decided.refusal.data as { reason: string }
  return { mode: reason, maxChargeWei: 0n, message: decided.refusal.message }
}

/** Lands a sponsored operation, for instance to approve beforehand. */
async function land(account: SmartAccount, calls: readonly TestCall[]): Promise<void> {
  const client = viemClient(chain, service.url, account, 'client')
  await landOperation(
    chain,
    account,
    await client.prepareUserOperation({ calls: calls as never, ...gas, ...fees }),
  )
}

describe('paying in the token', () => {
  it('is deferred for an account that approves in its first operation, deployed or not', async () => {
    const account = await newAccount(chain)
    expect((await decide(account, [approveCall(chain)])).mode).toBe('tokenDeferred')
    await land(account, [transferCall(chain)])
    expect((await decide(account, [approveCall(chain)])).mode).toBe('tokenDeferred')
  })

  it('is prepaid once a live allowance and balance cover the most it can cost, to the wei', async () => {
    const account = await newAccount(chain)
    await land(account, [approveCall(chain)])
    const { mode, maxChargeWei } = await decide(account, [transferCall(chain)])
    expect(mode).toBe('token')
    await land(account, [approveCall(chain, maxChargeWei - 1n)])
    expect((await decide(account, [transferCall(chain)])).mode).toBe('tokenNotApproved')
    await land(account, [approveCall(chain, maxChargeWei)])
    expect((await decide(account, [transferCall(chain)])).mode).toBe('token')
  })

  it('asks for an approval at the head of the batch, and says how much', async () => {
    const account = await newAccount(chain)
    const bare = await decide(account, [transferCall(chain)])
    expect(bare.mode).toBe('tokenNotApproved')
    expect(bare.message).toContain(`begin the batch with approve(${chain.paymaster}, `)
    expect((await decide(account, [transferCall(chain), approveCall(chain)])).mode).toBe('tokenNotApproved')
    const small = await decide(account, [approveCall(chain, 1n)])
    expect(small.mode).toBe('tokenNotApproved')
    expect(small.message).toContain('approves 1 wei')
  })

  it('needs an approval of exactly the greatest charge, no more', async () => {
    const account = await newAccount(chain)
    const { maxChargeWei } = await decide(account, [approveCall(chain)])
    expect((await decide(account, [approveCall(chain, maxChargeWei)])).mode).toBe('tokenDeferred')
    expect((await decide(account, [approveCall(chain, maxChargeWei - 1n)])).mode).toBe('tokenNotApproved')
  })

  it('is refused when the balance cannot cover it', async () => {
    const account = await newAccount(chain, 1000n)
    const { mode, message } = await decide(account, [approveCall(chain)])
    expect(mode).toBe('tokenBalanceTooLow')
    expect(message).toContain('has 1000 wei of the token')
  })

  it('is refused when the batch moves away what it is to be paid with', async () => {
    const account = await newAccount(chain, parseEther('1'))
    const { mode, message } = await decide(account, [
      approveCall(chain),
      transferCall(chain, parseEther('1') - 5n),
    ])
    expect(mode).toBe('executionWouldFail')
    expect(message).toContain('would leave a balance of 5 wei')
  })

  it('is refused when the batch takes the approval back', async () => {
    const account = await newAccount(chain)
    const { mode, message } = await decide(account, [approveCall(chain), approveCall(chain, 0n)])
    expect(mode).toBe('executionWouldFail')
    expect(message).toContain('would leave an allowance of 0 wei')
  })

  it('is refused when a later call reverts and undoes the approval, with the reason', async () => {
    const account = await newAccount(chain)
    const tooMuch = transferCall(chain, parseEther('2'))
    const { mode, message } = await decide(account, [approveCall(chain), tooMuch])
    expect(mode).toBe('executionWouldFail')
    expect(message).toContain('its execution reverts with ERC20InsufficientBalance(')
  })

  it('is refused when callGasLimit does not reach to the end', async () => {
    const account = await newAccount(chain)
    const { mode, message } = await decide(account, [approveCall(chain)], { callGasLimit: 20_000n })
    expect(mode).toBe('executionWouldFail')
    expect(message).toContain('raise callGasLimit')
  })

  it('takes a callGasLimit as tight as the chain does', async () => {
    const account = await newAccount(chain)
    await land(account, [transferCall(chain)])
    const calls = [approveCall(chain), transferCall(chain)]
    let [tooLittle, enough] = [20_000n, 150_000n]
    while (enough - tooLittle > 50n) {
      const callGasLimit = (tooLittle + enough) / 2n
      if ((await decide(account, calls, { callGasLimit })).mode === 'tokenDeferred') enough = callGasLimit
      else tooLittle = callGasLimit
    }
    const paymasterContext = { token: chain.token }
    const client = viemClient(chain, service.url, account, 'client')
    const tight = { calls, ...gas, ...fees, callGasLimit: enough, paymasterContext }
    const operation = await client.prepareUserOperation(tight)
    const landed = await landOperation(chain, account, operation)
    expect(landed.success).toBe(true)
    // What the execution itself used, at the least: the limit that was asked for is no more than 5% above.
    expect(await executionGas(landed.receipt.transactionHash)).toBeGreaterThan((enough * 95n) / 100n)
  })

  it('is refused when the account cannot be deployed', async () => {
    const account = await newAccount(chain)
    const { mode, message } = await decide(account, [approveCall(chain)], { factoryData: '0x12345678' })
    expect(mode).toBe('executionWouldFail')
    expect(message).toContain('its factory reverts')
  })

  it('is refused afterwards, but not beforehand, to a sender in debt', async () => {
    const account = await newAccount(chain)
    const client = viemClient(chain, service.url, account, 'client')
    await land(account, [transferCall(chain)])
    // Signed while it would succeed; then the tokens it moves leave by another operation.
    const deferred = await client.prepareUserOperation({
      calls: [approveCall(chain), transferCall(chain, parseEther('0.5'))],
      ...gas,
      ...fees,
      paymasterContext: { token: chain.token },
    })
    await land(account, [transferCall(chain, parseEther('0.6'))])
    expect((await landOperation(chain, account, deferred)).success).toBe(false)

    const { mode, message } = await decide(account, [approveCall(chain)])
    expect(mode).toBe('debtTooHigh')
    expect(message).toMatch(/owes the paymaster \d+ wei/)
    const lenient = { ...options, debtLimitWei: parseEther('1') }
    const lent = await decideTokenMode(lenient, await operationOf(account, [approveCall(chain)]))
    expect(lent).toMatchObject({ ok: true, value: { mode: 'tokenDeferred' } })

    await land(account, [approveCall(chain)])
    const prepaid = await client.prepareUserOperation({
      calls: [transferCall(chain)],
      ...gas,
      ...fees,
      paymasterContext: { token: chain.token },
    })
    expect((await landOperation(chain, account, prepaid)).success).toBe(true)
    expect((await decide(account, [transferCall(chain)])).mode).toBe('token')
    const debt = { address: chain.paymaster, abi: computePaymasterAbi, functionName: 'debtOf' } as const
    expect(await chain.client.readContract({ ...debt, args: [account.address] })).toBe(0n)
  })
})

/** Gas that the account's call used, refunds not counted. */
async function executionGas(hash: Hash): Promise<bigint> {
  type Frame = { to: string; input: Hex; gasUsed: Hex; calls?: Frame[] }
  const trace = (await chain.client.request({
    method: 'debug_traceTransaction',
    params: [hash, { tracer: 'callTracer' }],
  } as never)) as Frame
  const inner = trace.calls?.find(frame => frame.input.startsWith('0x0042dc53'))
  return BigInt(inner?.calls?.[0]?.gasUsed ?? 0)
}

describe('guessing before gas is known', () => {
  it('goes by what the batch begins with, and by what is approved already', async () => {
    const account = await newAccount(chain)
    const guess = async (calls: readonly TestCall[]) => {
      const guessed = await guessTokenMode(options, await operationOf(account, calls))
      return guessed.ok ? guessed.value : (guessed.refusal.data as { reason: string }).reason
    }
    expect(await guess([approveCall(chain)])).toBe('tokenDeferred')
    expect(await guess([transferCall(chain)])).toBe('tokenNotApproved')
    await land(account, [approveCall(chain)])
    expect(await guess([transferCall(chain)])).toBe('token')
    expect(await guess([approveCall(chain), transferCall(chain)])).toBe('token')
  })
})
