import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { type Address, encodeFunctionData, pad, parseEther } from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { createPreVerificationGas } from '../estimation/preVerificationGas.ts'
import {
  accountAnswering,
  accountCode,
  assemble,
  paymasterAnswering,
  paymasterCode,
  validationDataWord,
} from './testing/assemble.ts'
import { handleOps, testOperation } from './testing/operation.ts'
import { deploySimpleAccounts, type SimpleAccounts, testFees } from './testing/simpleAccount.ts'
import { freshAddress, startTestChain, type TestChain } from './testing/testChain.ts'
import { startValidation, type ValidationHarness } from './testing/validationHarness.ts'
import { createDebugTracer } from './tracers/debug.ts'

let chain: TestChain
let accounts: SimpleAccounts
let harness: ValidationHarness
beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
  harness = await startValidation(chain)
})
afterAll(() => chain.stop())

describe('an operation that may enter', () => {
  it('is let in with all that later stages need, when its account is deployed', async () => {
    const first = await accounts.operation(1n)
    await chain.anvil.setBalance({ address: first.sender, value: parseEther('1') })
    await chain.send({ to: chain.entryPoint, data: handleOps(first), gas: 2_000_000n })
    const operation = await accounts.operation(1n)
    const validated = await harness.accepted(operation)
    const { number, hash } = await chain.head()
    expect(validated).toMatchObject({
      userOperation: operation,
      entryPoint: chain.entryPoint,
      entities: { sender: { address: operation.sender, isStaked: false } },
      validAfter: 0,
      validUntil: 0,
      prefundWei: (500_000n + 50_000n + 60_000n) * 3_000_000_000n,
      verifiedAt: { number, hash },
    })
    const hashOnChain = await chain.client.readContract({
      address: chain.entryPoint,
      abi: entryPoint07Abi,
      functionName: 'getUserOpHash',
      args: [toPackedUserOperation(operation)],
    })
    expect(validated.userOperationHash).toBe(hashOnChain)
    // Slot 0 of a SimpleAccount is its owner.
    expect(validated.storage[operation.sender.toLowerCase() as Address]?.reads).toContain(pad('0x00'))
    expect(validated.verificationGasUsed).toBeGreaterThan(20_000n)
    expect(validated.verificationGasUsed).toBeLessThan(60_000n)
  })

  it('is let in with the factory that deploys its account', async () => {
    const operation = await accounts.operation(2n)
    await chain.anvil.setBalance({ address: operation.sender, value: parseEther('1') })
    const validated = await harness.accepted(operation)
    expect(validated.entities.factory?.address).toBe(accounts.factory)
    expect(validated.verificationGasUsed).toBeGreaterThan(150_000n)
  })

  it('has the tighter validity of account and paymaster', async () => {
    const now = Number((await chain.head()).timestamp)
    const sender = await chain.place(accountAnswering(validationDataWord({ after: 5, until: now + 500 })))
    const paymaster = await chain.place(
      paymasterAnswering(validationDataWord({ after: 7, until: now + 900 })),
    )
    await chain.deposit(paymaster, parseEther('1'))
    expect(await harness.accepted(testOperation({ sender, paymaster, ...testFees }))).toMatchObject({
      validAfter: 7,
      validUntil: now + 500,
      entities: { paymaster: { address: paymaster } },
    })
  })

  it('costs the node two calls', async () => {
    await harness.accepted(testOperation({ sender: await chain.place(accountCode('')) }))
    expect(harness.calls).toEqual(['debug_traceCall', 'eth_call'])
  })
})

describe('an operation that breaks a rule', () => {
  const foreign = freshAddress()
  beforeAll(async () => {
    await chain.place(assemble('1 7 SSTORE'), foreign)
  })
  const call = (value: number): string => `0 0 0 0 ${value} ${foreign} GAS CALL POP`

  it.each([
    ['reads TIMESTAMP', 'TIMESTAMP POP', { rule: 'OP-011', opcode: 'TIMESTAMP' }],
    ['writes foreign storage', call(0), { rule: 'STO-021', slot: pad('0x07'), contract: foreign }],
    ['calls with value elsewhere', call(1), { rule: 'OP-061', opcode: 'CALL', contract: foreign }],
  ])('is refused with -32502, rule, entity and place when its account %s', async (_, body, data) => {
    const sender = await chain.place(accountCode(body))
    await chain.anvil.setBalance({ address: sender, value: 5n })
    const rejection = await harness.refusal(testOperation({ sender }))
    expect(rejection).toMatchObject({ code: -32502, data: { ...data, entity: 'account', address: sender } })
    expect(rejection.message).toMatch(/^account /)
    expect(rejection.data.hint).not.toBe('')
  })

  it('may do what stake allows once both stake and unstake delay are high enough [SREP-010]', async () => {
    const stakes = [
      { wei: parseEther('0.9'), unstakeDelaySeconds: 86_400, allowed: false },
      { wei: parseEther('1'), unstakeDelaySeconds: 86_399, allowed: false },
      { wei: parseEther('1'), unstakeDelaySeconds: 86_400, allowed: true },
    ]
    for (const { allowed, ...terms } of stakes) {
      const sender = await chain.place(accountCode(''))
      const paymaster = await chain.place(paymasterCode('7 SLOAD POP'))
      await chain.stake(paymaster, terms)
      const operation = testOperation({ sender, paymaster })
      if (allowed) expect((await harness.accepted(operation)).entities.paymaster?.isStaked).toBe(true)
      else {
        const expected = {
          code: -32505,
          data: {
            rule: 'STO-031',
            paymaster,
            minimumStake: '0xde0b6b3a7640000',
            minimumUnstakeDelay: '0x15180',
          },
        }
        expect(await harness.refusal(operation)).toMatchObject(expected)
      }
    }
  })

  it('counts a stake no longer once it is announced to be withdrawn', async () => {
    const sender = await chain.place(accountCode(''))
    const paymaster = await chain.place(paymasterCode('7 SLOAD POP'))
    await chain.stake(paymaster, { wei: parseEther('1'), unstakeDelaySeconds: 86_400 })
    const unlockStake = encodeFunctionData({ abi: entryPoint07Abi, functionName: 'unlockStake' })
    await chain.sendAs(paymaster, { to: chain.entryPoint, data: unlockStake })
    expect(await harness.refusal(testOperation({ sender, paymaster }))).toMatchObject({
      data: { rule: 'STO-031' },
    })
  })
})

describe('gas limits that are too tight', () => {
  it.each(['verificationGasLimit', 'paymasterVerificationGasLimit'] as const)(
    'are refused by field when %s leaves too little to spare',
    async field => {
      const sender = await chain.place(accountCode(''))
      const paymaster = await chain.place(paymasterCode(''))
      const operation = testOperation({ sender, paymaster })
      const { outcome } = await createDebugTracer({ client: chain.client }).trace({
        userOperation: operation,
        entryPoint: chain.entryPoint,
        version: entryPoint07,
        block: await chain.head(),
        operationKey: '',
      })
      if (!outcome.passed) throw new Error('the operation does not pass')
      const used = field === 'verificationGasLimit' ? outcome.gas.account : outcome.gas.paymaster
      expect(used).toBeGreaterThan(5_000n)
      // A few gas more or less go into calldata, where the limit's own bytes change.
      const tight = { ...operation, [field]: used + 3_900n }
      expect(await harness.refusal(tight)).toMatchObject({ code: -32602, data: { field } })
      await harness.accepted({ ...operation, [field]: used + 4_100n })
    },
  )

  it('are refused when preVerificationGas does not cover the context a paymaster returns', async () => {
    const sender = await chain.place(accountCode(''))
    const paymaster = await chain.place(paymasterCode('', 1_024))
    const operation = testOperation({ sender, paymaster })
    const pricing = createPreVerificationGas({ bundleSize: 1, version: entryPoint07, fork: 'london' })
    const bare = { ...operation, preVerificationGas: pricing.required(operation) }
    expect(await harness.refusal(bare)).toMatchObject({ code: -32602, data: { field: 'preVerificationGas' } })
    await harness.accepted({
      ...bare,
      preVerificationGas: pricing.required(operation, { contextBytes: 1_024 }),
    })
  })
})
