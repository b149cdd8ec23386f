// A machine with much to do: while one operation is looked at, several blocks pass and others are looked at there.
import { type Address, pad, parseEther } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createProgramReader } from '../chainState/programReader.ts'
import { londonEvm } from '../chains/evmLevel.ts'
import { assemble } from '../validation/testing/assemble.ts'
import { deploySimpleAccounts, type SimpleAccounts } from '../validation/testing/simpleAccount.ts'
import { startTestChain, type TestChain } from '../validation/testing/testChain.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { createEngine, type Engine } from './engine.ts'

let chain: TestChain
let accounts: SimpleAccounts
let operation: UserOperation
let engine: Engine
let first: Address
let second: Address
let third: Address
let blockOfInterest: Awaited<ReturnType<TestChain['head']>>

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
  operation = await accounts.operation(1n)
  await chain.deposit(operation.sender, parseEther('1'))
  third = await chain.place(assemble('STOP'))
  second = await contractThatCalls(third)
  first = await contractThatCalls(second)
  await chain.anvil.mine({ blocks: 1 })
  blockOfInterest = await chain.head()
  const others: (typeof blockOfInterest)[] = []
  for (let count = 0; count < 5; count++) {
    await chain.anvil.mine({ blocks: 1 })
    others.push(await chain.head())
  }
  const reader = createProgramReader(chain.client)
  const { entryPoint } = chain
  engine = createEngine({
    reader: {
      ...reader,
      async read(block, query) {
        if (block.hash === blockOfInterest.hash) {
          for (const other of others)
            await engine.senderFunds({ userOperation: operation, entryPoint, block: other })
        }
        return await reader.read(block, query)
      },
    },
    chainId: 103,
    evm: londonEvm,
    stepLimit: 1_000_000,
  })
})
afterAll(() => chain.stop())

/** Only its storage knows whom. */
async function contractThatCalls(callee: Address): Promise<Address> {
  const address = await chain.place(assemble('0 0 0 0 0 0 SLOAD GAS CALL POP STOP'))
  await chain.anvil.setStorageAt({ address, index: 0, value: pad(callee) })
  return address
}

it('an operation is judged by all that was read for it, whatever is read at other blocks meanwhile', async () => {
  const block = blockOfInterest
  const { entryPoint, version } = chain
  const funds = await engine.senderFunds({ userOperation: operation, entryPoint, block })
  expect(funds).toEqual({ balanceWei: 0n, depositWei: parseEther('1') })
  const trace = await engine.trace({
    userOperation: operation,
    entryPoint,
    version,
    block,
    operationKey: 'one',
  })
  expect(trace.outcome).toMatchObject({ passed: true })
  expect(await engine.unchanged('one', block)).toBe(true)
})

it('a call is followed through contracts that only the one before names, whatever is read at other blocks', async () => {
  const call = { to: first, data: '0x', gas: 1_000_000n } as const
  const request = { userOperation: operation, block: blockOfInterest, overrides: {}, call }
  expect(await engine.traceCall(request)).toMatchObject({
    calls: [{ to: second, calls: [{ to: third }] }],
  })
})
