// How little is asked: counted at the node.
import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createProgramReader } from '../chainState/programReader.ts'
import type { StateQuery } from '../chainState/stateQuery.ts'
import { londonEvm } from '../chains/evmLevel.ts'
import { deploySimpleAccounts, type SimpleAccounts, signed } from '../validation/testing/simpleAccount.ts'
import { startTestChain, type TestChain } from '../validation/testing/testChain.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { createEngine, type Engine } from './engine.ts'

let chain: TestChain
let accounts: SimpleAccounts
let engine: Engine
const questions: StateQuery[] = []

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
  const reader = createProgramReader(chain.client)
  engine = createEngine({
    reader: {
      ...reader,
      async read(block, query) {
        questions.push(query)
        return await reader.read(block, query)
      },
    },
    chainId: 103,
    evm: londonEvm,
    stepLimit: 1_000_000,
  })
})
afterAll(() => chain.stop())

/** How often the node was asked for it. */
async function questionsFor(userOperation: UserOperation): Promise<number> {
  questions.length = 0
  const { outcome } = await engine.trace({
    userOperation,
    entryPoint: chain.entryPoint,
    block: await chain.head(),
    version: chain.version,
    operationKey: userOperation.sender,
  })
  expect(outcome.passed).toBe(true)
  return questions.length
}

async function deployed(salt: bigint): Promise<UserOperation> {
  const { sender, factory, factoryData } = await accounts.operation(salt)
  await chain.deposit(sender, parseEther('1'))
  await chain.send({ to: factory as `0x${string}`, data: factoryData ?? '0x' })
  return await accounts.operation(salt)
}

it('an account of a kind that was seen before is known by one question, and after it by none', async () => {
  const [first, second] = [await deployed(1n), await deployed(2n)]
  expect(await questionsFor(first)).toBeGreaterThan(1)
  expect(await questionsFor(second)).toBe(1)
  expect(await questionsFor(second)).toBe(0)
})

it('another nonce key of the same account is foreseen as well', async () => {
  const operation = await deployed(3n)
  expect(await questionsFor(await signed({ ...operation, nonce: 5n << 64n }, chain))).toBe(1)
})

it('what was used at one block is read again at the next by one question, before anyone asks', async () => {
  const operation = await deployed(4n)
  await questionsFor(operation)
  await chain.anvil.mine({ blocks: 1 })
  questions.length = 0
  await engine.warm(await chain.head())
  expect(questions.length).toBe(1)
  expect(await questionsFor(operation)).toBe(0)
})

it('a verdict stands as long as nothing it read has changed, and no longer', async () => {
  const operation = await deployed(5n)
  await questionsFor(operation)
  await chain.anvil.mine({ blocks: 1 })
  expect(await engine.unchanged(operation.sender, await chain.head())).toBe(true)
  await chain.deposit(operation.sender, 1n)
  expect(await engine.unchanged(operation.sender, await chain.head())).toBe(false)
})
