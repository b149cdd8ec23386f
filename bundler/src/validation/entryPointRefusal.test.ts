import { type Address, type Hex, parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accountAnswering,
  accountCode,
  assemble,
  paymasterAnswering,
  paymasterCode,
  revertingCode,
  validationDataWord,
} from './testing/assemble.ts'
import { testOperation } from './testing/operation.ts'
import { deploySimpleAccounts, type SimpleAccounts, signed, testFees } from './testing/simpleAccount.ts'
import { freshAddress, startTestChain, type TestChain } from './testing/testChain.ts'
import { startValidation, type ValidationHarness } from './testing/validationHarness.ts'
import type { UserOperation } from './validatedOperation.ts'

let chain: TestChain
let accounts: SimpleAccounts
let harness: ValidationHarness
beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
  harness = await startValidation(chain)
})
afterAll(() => chain.stop())

describe('an operation that the EntryPoint would refuse', () => {
  it.each([
    [
      'AA10',
      -32500,
      'account',
      async () => {
        const operation = await accounts.operation(3n)
        await chain.place(accountCode(''), operation.sender)
        return operation
      },
    ],
    [
      'AA13',
      -32500,
      'factory',
      async () => testOperation({ sender: freshAddress(), factory: await chain.place(revertingCode) }),
    ],
    [
      'AA14',
      -32500,
      'factory',
      async () =>
        testOperation({
          sender: freshAddress(),
          factory: accounts.factory,
          factoryData: (await accounts.operation(4n)).factoryData as Hex,
        }),
    ],
    ['AA20', -32500, 'account', async () => testOperation({ sender: freshAddress() })],
    ['AA21', -32500, 'account', async () => await accounts.operation(5n)],
    ['AA23', -32500, 'account', async () => testOperation({ sender: await chain.place(revertingCode) })],
    [
      'AA24',
      -32507,
      'account',
      async () => ({ ...(await funded(6n)), signature: (await funded(7n)).signature }),
    ],
    [
      'AA24',
      -32506,
      'account',
      async () =>
        testOperation({
          sender: await chain.place(accountAnswering(validationDataWord({ aggregator: 0xa66n }))),
        }),
    ],
    ['AA25', -32500, 'account', async () => await funded(8n, { nonce: 1n })],
    [
      'AA26',
      -32500,
      'account',
      async () => testOperation({ sender: await chain.place(accountCode('')), verificationGasLimit: 3_000n }),
    ],
    ['AA30', -32501, 'paymaster', async () => await paidBy(freshAddress())],
    ['AA31', -32501, 'paymaster', async () => await paidBy(await chain.place(paymasterCode('')), testFees)],
    ['AA33', -32501, 'paymaster', async () => await paidBy(await chain.place(revertingCode))],
    ['AA34', -32507, 'paymaster', async () => await paidBy(await chain.place(paymasterAnswering('0x01')))],
    [
      'AA36',
      -32501,
      'paymaster',
      async () =>
        await paidBy(await chain.place(paymasterCode('')), { paymasterVerificationGasLimit: 2_000n }),
    ],
  ] as const)('with %s is refused with %i in the name of the %s', async (reason, code, entity, prepare) => {
    const operation = (await prepare()) as UserOperation
    const rejection = await harness.refusal(operation)
    expect(rejection.code).toBe(code)
    expect(rejection.message).toMatch(new RegExp(`^${reason} `))
    expect(rejection.data).toMatchObject({
      entity: entity === 'account' && reason === 'AA10' ? 'factory' : entity,
    })
    expect(rejection.data.hint).not.toBe('')
    if (entity === 'paymaster') expect(rejection.data.paymaster).toBe(operation.paymaster)
  })

  async function funded(salt: bigint, fields: Partial<UserOperation> = {}): Promise<UserOperation> {
    const operation = await accounts.operation(salt, fields)
    await chain.anvil.setBalance({ address: operation.sender, value: parseEther('1') })
    return operation
  }

  async function paidBy(paymaster: Address, fields: Partial<UserOperation> = {}): Promise<UserOperation> {
    return testOperation({ sender: await chain.place(accountCode('')), paymaster, ...fields })
  }

  it('never brings an aggregator, staked or not, onto the record that a failure beside it could spoil [EREP-016]', async () => {
    const aggregator = await chain.place(accountCode(''))
    await chain.stake(aggregator, { wei: parseEther('1'), unstakeDelaySeconds: 100_000 })
    const sender = await chain.place(accountAnswering(validationDataWord({ aggregator: BigInt(aggregator) })))
    expect(await harness.refusal(testOperation({ sender }))).toMatchObject({
      code: -32506,
      data: { entity: 'account', address: sender, hint: expect.stringContaining('not served') },
    })
  })

  it('is told what reverted inside', async () => {
    expect(await harness.refusal(testOperation({ sender: await chain.place(revertingCode) }))).toMatchObject({
      message: 'AA23 reverted: no',
      data: { revertData: expect.stringMatching(/^0x08c379a0/) },
    })
    const malformed = { ...(await funded(9n)), signature: '0x1234' as Hex }
    expect((await harness.refusal(malformed)).message).toBe('AA23 reverted: ECDSAInvalidSignatureLength(2)')
  })

  it('is told to raise the limit when it ran out of gas', async () => {
    const operation = await funded(10n)
    const starved = await signed({ ...operation, verificationGasLimit: 60_000n }, chain)
    expect(await harness.refusal(starved)).toMatchObject({
      message: expect.stringMatching(/^AA13/),
      data: { hint: 'the call ran out of gas: raise verificationGasLimit' },
    })
  })

  it.each([
    ['expired', -1_000, 0, 'AA22'],
    ['not yet due', 0, 1_000, 'AA22'],
    ['about to expire', 60, 0, 'expires too soon'],
  ])('is refused with -32503 and its validity when it is %s', async (_, until, after, message) => {
    const now = Number((await chain.head()).timestamp)
    const period = {
      validUntil: until === 0 ? 0 : now + until,
      validAfter: after === 0 ? 0 : now + after,
    }
    const answer = validationDataWord({ until: period.validUntil, after: period.validAfter })
    const sender = await chain.place(accountAnswering(answer))
    expect(await harness.refusal(testOperation({ sender }))).toMatchObject({
      code: -32503,
      message: expect.stringContaining(message),
      data: period,
    })
    const paymaster = await chain.place(paymasterAnswering(answer))
    const sponsored = testOperation({ sender: await chain.place(accountCode('')), paymaster })
    expect(await harness.refusal(sponsored)).toMatchObject({ code: -32503, data: { ...period, paymaster } })
  })

  it('is refused when the paymaster’s validity stands in an encoding that no encoder writes', async () => {
    // Solidity reads it; another decoder might find another end, or none.
    const { timestamp } = await chain.head()
    const word = validationDataWord({ until: Number(timestamp) + 600 })
    const paymaster = await chain.place(
      assemble(`0x60 0 MSTORE ${word} 0x20 MSTORE 0 0x60 MSTORE 0x80 0 RETURN`),
    )
    await chain.deposit(paymaster, parseEther('1'))
    const sponsored = testOperation({ sender: await chain.place(accountCode('')), paymaster, ...testFees })
    expect(await harness.refusal(sponsored)).toMatchObject({
      code: -32501,
      message: 'the paymaster answers in an encoding of its own',
      data: {
        entity: 'paymaster',
        address: paymaster,
        hint: expect.stringContaining('as Solidity encodes them'),
      },
    })
  })

  it('is let in when it holds just long enough', async () => {
    // Placing contracts mines nothing, so the head stays.
    const now = Number((await chain.head()).timestamp)
    const ownTime = await startValidation(chain, { now: () => now * 1000 })
    const sender = await chain.place(accountAnswering(validationDataWord({ until: now + 70 })))
    expect(await ownTime.accepted(testOperation({ sender }))).toMatchObject({ validUntil: now + 70 })
  })
})
