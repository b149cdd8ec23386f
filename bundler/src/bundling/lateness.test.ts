import type { Address } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AccountChain, startAccountChain } from '../testing/accountChain.ts'
import { type BundlerCore, startBundlerCore } from '../testing/bundlerCore.ts'
import { sponsoredBy, stakeOf } from '../testing/validated.ts'
import { paymasterAnswering, validationDataWord } from '../validation/testing/assemble.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import { createLateness } from './lateness.ts'

describe('the count of late bundles', () => {
  const entity: Address = '0x00000000000000000000000000000000000000aa'

  it('takes two blocks within a day for accidents, however many bundles they hold, and the third for a habit', () => {
    const lateness = createLateness()
    expect([1n, 1n, 1n, 2n, 2n, 3n].map(block => lateness.isHabit(entity, block))).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
    ])
  })

  it('forgets after a day', () => {
    const lateness = createLateness()
    expect([1n, 9_000n, 9_001n, 20_000n].some(block => lateness.isHabit(entity, block))).toBe(false)
  })
})

describe('an operation that expires on its way', () => {
  let chain: AccountChain
  let core: BundlerCore
  let paymaster: Address
  let clock: number

  beforeAll(async () => {
    chain = await startAccountChain({ accounts: 6 })
    paymaster = await chain.acceptingPaymaster(10n ** 18n)
    const executors = await chain.executors(1)
    await chain.mine()
    core = await startBundlerCore({ client: chain.client, executors, clock: { now: () => clock * 1000 } })
  })
  afterAll(async () => {
    await core.stop()
    await chain.stop()
  })

  /** In a bundle whose block comes a second after its end. */
  async function late(account: number): Promise<ValidatedOperation> {
    clock = Number((await chain.client.getBlock()).timestamp)
    const validUntil = clock + 60
    const word = validationDataWord({ until: validUntil })
    await chain.anvil.setCode({ address: paymaster, bytecode: paymasterAnswering(word) })
    const operation = await chain.operation(chain.accounts[account] as Address, sponsoredBy(paymaster), {
      validUntil,
      endedBy: 'paymaster',
    })
    expect(await core.mempool.add(operation)).toMatchObject({ ok: true })
    expect(await core.bundling.sendNow()).toHaveLength(1)
    await chain.anvil.setNextBlockTimestamp({ timestamp: BigInt(validUntil + 1) })
    await chain.mine()
    await core.look()
    await core.bundling.sendNow()
    return operation
  }

  it('is dropped with -32503, and on the third time whoever set its end is banned for the bundles it made revert', async () => {
    const first = await late(0)
    expect(await core.mempool.find(first.userOperationHash)).toMatchObject({
      state: 'dropped',
      refusal: { code: -32503, data: { entity: 'paymaster', paymaster } },
    })
    expect(await chain.landings(first.userOperationHash)).toEqual([])
    await late(1)
    expect(core.reputation.statusOf(paymaster)).toBe('ok')
    const third = await late(2)
    expect(core.reputation.statusOf(paymaster)).toBe('banned')
    expect(core.reputation.statusOf(third.userOperation.sender)).toBe('ok')
  })
})

describe('an operation that expires while it waits', () => {
  it('stays on the record of whoever set its end, and leaves that of the others', async () => {
    const chain = await startAccountChain({ accounts: 1 })
    const paymaster = await chain.acceptingPaymaster(10n ** 18n)
    const core = await startBundlerCore({ client: chain.client, executors: await chain.executors(1) })
    const { timestamp } = await chain.client.getBlock()
    const known = { validUntil: Number(timestamp) + 400, endedBy: 'paymaster' as const }
    const sender = chain.accounts[0] as Address
    const entities = { sender: stakeOf(sender, true), paymaster: stakeOf(paymaster) }
    const operation = await chain.operation(sender, sponsoredBy(paymaster), { ...known, entities })
    await core.mempool.add(operation)
    expect(core.reputation.entryOf(sender).opsSeen).toBe(1)
    await chain.anvil.setNextBlockTimestamp({ timestamp: timestamp + 341n })
    await chain.mine()
    await core.look()
    expect(core.mempool.get(operation.userOperationHash)).toBeUndefined()
    expect(core.reputation.entryOf(paymaster).opsSeen).toBe(1)
    expect(core.reputation.entryOf(sender).opsSeen).toBe(0)
    await core.stop()
    await chain.stop()
  })
})

describe('an operation that begins in a moment', () => {
  it('waits for a block of its time, and lands in the next', async () => {
    const chain = await startAccountChain({ accounts: 1 })
    const paymaster = await chain.acceptingPaymaster(10n ** 18n)
    const core = await startBundlerCore({ client: chain.client, executors: await chain.executors(1) })
    const { timestamp } = await chain.client.getBlock()
    const validAfter = Number(timestamp) + 30
    const bytecode = paymasterAnswering(validationDataWord({ after: validAfter }))
    await chain.anvil.setCode({ address: paymaster, bytecode })
    const sponsored = sponsoredBy(paymaster)
    const operation = await chain.operation(chain.accounts[0] as Address, sponsored, { validAfter })
    await core.mempool.add(operation)
    expect(await core.bundling.sendNow()).toEqual([])
    await chain.anvil.setNextBlockTimestamp({ timestamp: timestamp + 31n })
    await chain.mine()
    await core.look()
    expect(await core.bundling.sendNow()).toHaveLength(1)
    await chain.mine()
    expect(await chain.landings(operation.userOperationHash)).toHaveLength(1)
    await core.stop()
    await chain.stop()
  })
})
