import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountCode, assemble, revertingCode } from './testing/assemble.ts'
import { handleOps, testOperation } from './testing/operation.ts'
import { deploySimpleAccounts, type SimpleAccounts } from './testing/simpleAccount.ts'
import { startTestChain, type TestChain } from './testing/testChain.ts'
import {
  followedChain,
  listeningClient,
  startValidation,
  type ValidationHarness,
  validationOn,
} from './testing/validationHarness.ts'

let chain: TestChain
let accounts: SimpleAccounts
let harness: ValidationHarness
beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
  harness = await startValidation(chain)
})
afterAll(() => chain.stop())

describe('second validation', () => {
  it('lets an unchanged operation pass, at the newer block', async () => {
    const validated = await harness.accepted(testOperation({ sender: await chain.place(accountCode('')) }))
    await chain.anvil.mine({ blocks: 1 })
    await harness.source.poll()
    const again = await harness.validation.revalidate(validated)
    expect(again).toMatchObject({ ok: true, value: { codeHash: validated.codeHash } })
    if (again.ok) expect(again.value.verifiedAt.number).toBe(validated.verifiedAt.number + 1n)
  })

  it('passes an account that was merely funded meanwhile, before it has code', async () => {
    const operation = await accounts.operation(20n, { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n })
    const validated = await harness.accepted(operation)
    await chain.send({ to: operation.sender, value: 1n })
    await harness.source.poll()
    expect((await harness.validation.revalidate(validated)).ok).toBe(true)
  })

  it('refuses with COD-010 when code that validation visited has changed', async () => {
    const library = await chain.place(assemble('1 POP'))
    const sender = await chain.place(accountCode(`0 0 0 0 ${library} GAS STATICCALL POP`))
    const validated = await harness.accepted(testOperation({ sender }))
    await chain.place(assemble('2 POP'), library)
    await chain.anvil.mine({ blocks: 1 })
    await harness.source.poll()
    expect(await harness.validation.revalidate(validated)).toMatchObject({
      ok: false,
      refusal: { code: -32502, data: { rule: 'COD-010', entity: 'account', address: sender } },
    })
  })

  it('refuses what the chain no longer supports', async () => {
    const sender = await chain.place(accountCode(''))
    const validated = await harness.accepted(testOperation({ sender }))
    await chain.place(revertingCode, sender)
    await chain.anvil.mine({ blocks: 1 })
    await harness.source.poll()
    expect(await harness.validation.revalidate(validated)).toMatchObject({
      refusal: { message: 'AA23 reverted: no' },
    })
  })
})

describe('the block of a verdict', () => {
  it('is the newest one before anything is refused', async () => {
    const lagging = await followedChain(chain)
    const operation = await accounts.operation(30n)
    await chain.send({ to: operation.sender, value: parseEther('1') })
    const validation = validationOn(chain, { client: chain.client, source: lagging })
    expect((await validation.validate(operation)).ok).toBe(true)
  })

  it('is the same for every read, whatever has happened since', async () => {
    const sender = await chain.place(accountCode('0 SLOAD 1 0 SSTORE POP'))
    await chain.anvil.mine({ blocks: 1 })
    const then = await chain.head()
    const operation = testOperation({ sender })
    await chain.send({ to: chain.entryPoint, data: handleOps(operation), gas: 2_000_000n })
    const stale = { head: () => then, poll: async () => undefined, shortfall: () => undefined }
    const validation = validationOn(chain, { client: chain.client, source: stale })
    const result = await validation.validate(operation)
    expect(result).toMatchObject({ ok: true, value: { verifiedAt: { hash: then.hash } } })
    expect(await harness.refusal(operation)).toMatchObject({ message: expect.stringMatching(/^AA25/) })
  })
})

describe('a node that does not answer', () => {
  it.each(['debug_traceCall', 'eth_call'])('is an exception, not a refusal, when %s fails', async method => {
    const operation = testOperation({ sender: await chain.place(accountCode('')) })
    await harness.source.poll()
    const client = listeningClient(chain, asked => {
      if (asked === method) throw new Error('connection refused')
    })
    const validation = validationOn(chain, { client, source: harness.source })
    await expect(validation.validate(operation)).rejects.toThrow()
  })
})
