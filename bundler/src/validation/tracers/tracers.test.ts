// One truth, whoever tells it: the same operations through every tracer that anvil offers, fact by fact.
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chooseStateReader } from '../../chainState/chooseStateReader.ts'
import { createProofReader } from '../../chainState/proofReader.ts'
import type { StateReader } from '../../chainState/stateReader.ts'
import { londonEvm } from '../../chains/evmLevel.ts'
import { createEngine } from '../../execution/engine.ts'
import { ruleCases } from '../rules/testing/cases.ts'
import { delegated } from '../rules/testing/contracts.ts'
import { placeCase, placeContracts } from '../rules/testing/placeCase.ts'
import { deploySimpleAccounts, type SimpleAccounts } from '../testing/simpleAccount.ts'
import { startTestChain, type TestChain } from '../testing/testChain.ts'
import type { Trace } from '../trace.ts'
import type { UserOperation } from '../validatedOperation.ts'
import { createDebugTracer } from './debug.ts'
import { createLocalTracer } from './local.ts'
import type { Tracer } from './tracer.ts'

let chain: TestChain
let accounts: SimpleAccounts
let debug: Tracer
let local: Tracer
beforeAll(async () => {
  chain = await startTestChain()
  await placeContracts(chain)
  accounts = await deploySimpleAccounts(chain)
  debug = createDebugTracer({ client: chain.client })
  local = localTracer(await chooseStateReader(chain.client))
})
afterAll(() => chain.stop())

function localTracer(reader: StateReader): Tracer {
  return createLocalTracer(createEngine({ reader, chainId: 103, evm: londonEvm, stepLimit: 1_000_000 }))
}

async function expectSameFacts(userOperation: UserOperation, other = local): Promise<void> {
  const block = await chain.head()
  const request = {
    userOperation,
    entryPoint: chain.entryPoint,
    block,
    version: chain.version,
    operationKey: userOperation.sender,
  }
  const expected = await debug.trace(request)
  const found = await other.trace(request)
  expect(comparable(found)).toEqual(comparable(expected))
}

/**
 * But for what is known of revm, which anvil runs: it executes a STOP where initcode is empty, and tells of a
 * SELFDESTRUCT as of a call of the contract by itself.
 */
function comparable(trace: Trace): object {
  const phases = Object.entries(trace.phases).map(([role, { opcodes, calls, ...facts }]) => {
    const { STOP, ...others } = opcodes
    const destroys = opcodes.SELFDESTRUCT !== undefined
    return [
      role,
      { ...facts, opcodes: others, calls: destroys ? calls.filter(({ from, to }) => from !== to) : calls },
    ]
  })
  return { ...trace, keccakPreimages: new Set(trace.keccakPreimages), phases: Object.fromEntries(phases) }
}

describe.each(Object.entries(ruleCases))('of cases about %s', (_, cases) => {
  // London has no delegations; revm follows them there all the same.
  it.each(cases.filter(({ does }) => !does.includes(delegated)))(
    'the facts are the same: $title',
    async given => {
      await expectSameFacts(await placeCase(chain, given))
    },
  )
})

describe('of a SimpleAccount', () => {
  it('the facts are the same when it is deployed with the operation', async () => {
    const operation = await accounts.operation(1n)
    await chain.deposit(operation.sender, parseEther('1'))
    await expectSameFacts(operation)
  })

  it('the facts are the same when it pays from its balance, and when it cannot', async () => {
    const operation = await accounts.operation(2n)
    await expectSameFacts(operation)
    await chain.send({ to: operation.sender, value: parseEther('1') })
    await expectSameFacts(operation)
  })

  it('the facts are the same when it is not signed by its owner', async () => {
    const operation = await accounts.operation(3n)
    await chain.deposit(operation.sender, parseEther('1'))
    await expectSameFacts({ ...operation, signature: `0x${'11'.repeat(64)}1b` })
    await expectSameFacts({ ...operation, signature: '0x' })
  })

  it('the facts are the same for a node that is read by proofs', async () => {
    const operation = await accounts.operation(4n)
    await chain.deposit(operation.sender, parseEther('1'))
    await expectSameFacts(operation, localTracer(createProofReader(chain.client)))
  })
})
