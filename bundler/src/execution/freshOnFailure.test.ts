import { numberToHex, parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProgramReader } from '../chainState/programReader.ts'
import { londonEvm } from '../chains/evmLevel.ts'
import { createJudge } from '../validation/judge.ts'
import { defaultStakeMinimums, defaultValidationLimits } from '../validation/limits.ts'
import { deploySimpleAccounts, type SimpleAccounts } from '../validation/testing/simpleAccount.ts'
import { startTestChain, type TestChain } from '../validation/testing/testChain.ts'
import { verdictOf } from '../validation/testing/verdict.ts'
import { createLocalTracer } from '../validation/tracers/local.ts'
import { createEngine } from './engine.ts'
import { freshOnFailure } from './freshOnFailure.ts'

let chain: TestChain
let accounts: SimpleAccounts
beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
})
afterAll(() => chain.stop())

function start() {
  const reader = createProgramReader(chain.client)
  const engine = createEngine({ reader, chainId: 103, evm: londonEvm, stepLimit: 1_000_000 })
  const judge = createJudge({
    chainId: 103,
    entryPoint: chain.entryPoint,
    entryPointVersion: chain.version.number,
    evm: londonEvm,
    alternativeMempools: [],
    limits: defaultValidationLimits,
    stakeMinimums: defaultStakeMinimums,
    bundleSize: 1,
    tracer: createLocalTracer(engine),
    entities: request => engine.entities({ ...request, ...chain }),
  })
  return { ...engine, ...judge }
}

describe('on a node whose state changes between two blocks', () => {
  it('an operation is refused only on what is read anew, however often the block was read before', async () => {
    const hasty = start()
    const patient = freshOnFailure(start())
    const operation = await accounts.operation(1n)
    const block = await chain.head()
    expect(await verdictOf(hasty, operation, block)).toMatchObject({ message: "AA21 didn't pay prefund" })
    expect(await verdictOf(patient, operation, block)).toMatchObject({ message: "AA21 didn't pay prefund" })
    // No block comes of it.
    await chain.anvil.setBalance({ address: operation.sender, value: parseEther('1') })
    expect((await chain.head()).hash).toBe(block.hash)
    expect((await verdictOf(hasty, operation, block)).ok).toBe(false)
    expect((await verdictOf(patient, operation, block)).ok).toBe(true)
  })

  it('a call that fails is tried again on what is read anew', async () => {
    const hasty = start()
    const patient = freshOnFailure(start())
    const userOperation = await accounts.operation(2n)
    const block = await chain.head()
    // Reverts while its slot 0 holds nothing.
    const to = await chain.place('0x600054600b5760006000fd5b00')
    const call = { to, data: '0x', gas: 1_000_000n } as const
    const request = { userOperation, block, overrides: {}, call }
    expect((await hasty.traceCall(request)).error).toBeDefined()
    expect((await patient.traceCall(request)).error).toBeDefined()
    await chain.anvil.setStorageAt({ address: to, index: 0, value: numberToHex(1, { size: 32 }) })
    expect((await hasty.traceCall(request)).error).toBeDefined()
    expect((await patient.traceCall(request)).error).toBeUndefined()
  })
})
