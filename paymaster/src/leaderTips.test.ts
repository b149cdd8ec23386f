// The tip for the bundler in turn through the whole service, with the real registry: set, reserved for, earned, claimed, and
// in the books to the wei.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import type { UserOperation } from 'viem/account-abstraction'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ReconciliationRun } from './admin/reconciliation/schema.ts'
import { type Browser, type House, startHouse } from './admin/testing/startHouse.ts'
import type { TreasuryView } from './admin/treasury/schema.ts'
import { landOperation } from './testing/landOperation.ts'
import {
  depositOf,
  fees,
  gas,
  newAccount,
  transferCall,
  viemClient,
  welcomePolicy,
} from './testing/renter.ts'
import { type Chain, startChain } from './testing/startChain.ts'
import { untilSettled } from './testing/startPaymaster.ts'
import { type Registry, startRegistry } from './testing/startRegistry.ts'

const finalityBlocks = 3
const tipWei = 30_000_000_000_000n
let chain: Chain
let registry: Registry
let house: House
let admin: Browser

beforeEach(async () => {
  chain = await startChain()
  registry = await startRegistry(chain)
  const money = { treasuryKey: chain.ownerKey, depositMinimumWei: '1', depositTargetWei: '2' }
  house = await startHouse(chain, { finalityBlocks, ...money }, { policies: [welcomePolicy(chain)] })
  admin = await house.signIn('admin')
})
afterEach(async () => {
  await house?.stop()
  await chain?.stop()
})

const read = <Value>(functionName: string, args: readonly unknown[] = []): Promise<Value> =>
  chain.client.readContract({
    ...{ address: chain.paymaster, abi: computePaymasterAbi, functionName, args },
  } as never) as Promise<Value>

async function setTip(wei: bigint): Promise<void> {
  const transaction = { kind: 'setLeaderTip', registry: registry.address, tipWei: String(wei) }
  const { status } = await admin.ask('POST', '/treasury/execute', {
    requestId: `set-tip-${wei}`,
    transaction,
  })
  expect(status).toBe(202)
  await expect.poll(async () => (await read<readonly [string, bigint]>('leaderTip'))[1]).toBe(wei)
  await untilSettled(chain, house.url)
}

/** A sponsored operation as its client prepares it, and what came of it. */
async function operate() {
  const account = await newAccount(chain)
  await untilSettled(chain, house.url)
  const client = viemClient(chain, house.url, account, 'client')
  const operation = (await client.prepareUserOperation({
    ...{ calls: [transferCall(chain)], ...gas, ...fees },
  })) as UserOperation<'0.7'>
  const landed = await landOperation(chain, account, operation)
  await untilSettled(chain, house.url)
  return { operation, ...landed }
}

const treasury = async (): Promise<TreasuryView> => (await admin.ask<TreasuryView>('GET', '/treasury')).body

async function reconciled(): Promise<ReconciliationRun> {
  await chain.anvil.client.mine({ blocks: finalityBlocks })
  await untilSettled(chain, house.url)
  return (await admin.ask<ReconciliationRun>('POST', '/reconciliation/runs')).body
}

describe('the tip for the bundler in turn', () => {
  it('is owed to a registered bundler, claimed by it, and in the books to the wei all along', async () => {
    const { bundlerId, operator } = await registry.register(chain.owner)
    await reconciled()
    await setTip(tipWei)
    const { operation, costWei, success } = await operate()
    expect(success).toBe(true)
    expect(operation.paymasterPostOpGasLimit).toBe(await read('leaderTipPostOpGasLimit'))
    expect(await read('tipsOf', [registry.address, bundlerId])).toBe(tipWei)
    const balanceWei = await depositOf(chain)
    expect(await treasury()).toMatchObject({
      tips: { tipWei: String(tipWei), registry: registry.address, owedWei: String(tipWei) },
      deposit: { totalWei: String(balanceWei - tipWei) },
    })
    const owed = await reconciled()
    expect(owed).toMatchObject({
      state: 'even',
      itemCount: 0,
      deposit: { operationCostWei: String(costWei + tipWei), actualWei: String(balanceWei - tipWei) },
      tips: { baseWei: '0', actualWei: String(tipWei), driftWei: '0' },
      ledger: { bookedWei: String(costWei + tipWei), driftWei: '0' },
    })
    const beforeWei = await chain.client.getBalance({ address: operator })
    const hash = await chain.wallet.writeContract({
      ...{ address: chain.paymaster, abi: computePaymasterAbi, functionName: 'claimTips' },
      args: [registry.address, bundlerId],
    })
    await chain.client.waitForTransactionReceipt({ hash })
    expect(await chain.client.getBalance({ address: operator })).toBe(beforeWei + tipWei)
    expect(await reconciled()).toMatchObject({
      state: 'even',
      itemCount: 0,
      deposit: { withdrawnWei: '0', actualWei: String(await depositOf(chain)) },
      tips: { baseWei: String(tipWei), actualWei: '0', driftWei: '0' },
    })
    expect(await treasury()).toMatchObject({ tips: { owedWei: '0' } })
  })

  it("is nobody's where an unregistered bundler brought the operation in", async () => {
    await reconciled()
    await setTip(tipWei)
    const { costWei, success } = await operate()
    expect(success).toBe(true)
    expect(await read('tipsOwedWei')).toBe(0n)
    expect(await reconciled()).toMatchObject({
      state: 'even',
      deposit: { operationCostWei: String(costWei), actualWei: String(await depositOf(chain)) },
      tips: { actualWei: '0' },
    })
  })

  it('is reserved before anything is signed, and asked of no operation once it is set to none', async () => {
    const held = async (): Promise<bigint> => BigInt((await treasury()).deposit.heldWei)
    const prepare = async () => {
      const account = await newAccount(chain)
      await untilSettled(chain, house.url)
      const client = viemClient(chain, house.url, account, 'client')
      const before = await held()
      const operation = (await client.prepareUserOperation({
        ...{ calls: [transferCall(chain)], ...gas, ...fees },
      })) as UserOperation<'0.7'>
      const gasLimits =
        operation.callGasLimit +
        operation.verificationGasLimit +
        operation.preVerificationGas +
        (operation.paymasterVerificationGasLimit ?? 0n) +
        (operation.paymasterPostOpGasLimit ?? 0n)
      return { operation, beyondGasWei: (await held()) - before - gasLimits * operation.maxFeePerGas }
    }
    expect((await prepare()).beyondGasWei).toBe(0n)
    await setTip(tipWei)
    expect((await prepare()).beyondGasWei).toBe(tipWei)
    await setTip(0n)
    const { operation, beyondGasWei } = await prepare()
    expect(beyondGasWei).toBe(0n)
    expect(operation.paymasterPostOpGasLimit).toBe(1n)
  })
})
