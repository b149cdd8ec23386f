import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import {
  createPublicClient,
  custom,
  decodeFunctionData,
  type Hex,
  keccak256,
  type PublicClient,
  pad,
  parseEther,
} from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entryPoint07 } from '../../entryPoint/entryPoint07.ts'
import type { CallFrame } from '../../estimation/callFrame.ts'
import { accountCode, assemble, factoryCode, paymasterCode, senderOf } from '../testing/assemble.ts'
import { handleOps, testOperation } from '../testing/operation.ts'
import { testFees } from '../testing/simpleAccount.ts'
import { freshAddress, startTestChain, type TestChain } from '../testing/testChain.ts'
import type { Trace } from '../trace.ts'
import type { UserOperation } from '../validatedOperation.ts'
import { createDebugTracer } from './debug.ts'
import { debugCollector } from './debugCollector.ts'

let chain: TestChain
beforeAll(async () => {
  chain = await startTestChain()
})
afterAll(() => chain.stop())

async function trace(userOperation: UserOperation, client = chain.client): Promise<Trace> {
  const block = await chain.head()
  return await createDebugTracer({ client }).trace({
    userOperation,
    entryPoint: chain.entryPoint,
    version: entryPoint07,
    block,
    operationKey: '',
  })
}

describe('the facts of a trace', () => {
  it('are told apart by the entity whose phase it is, with all it called', async () => {
    const library = await chain.place(assemble('7 SLOAD POP'))
    const account = accountCode(`1 2 SSTORE 0 0 0 0 ${library} GAS DELEGATECALL POP`)
    const factory = freshAddress()
    await chain.place(factoryCode('NUMBER POP', account), factory)
    const paymaster = await chain.place(paymasterCode(`0 0 0 0 0 ${library} GAS CALL POP`, 5))
    const sender = senderOf(factory, account)
    const { phases, outcome } = await trace(testOperation({ sender, factory, paymaster }))
    expect(Object.keys(phases)).toEqual(['factory', 'sender', 'paymaster'])
    expect(phases).toMatchObject({
      factory: {
        entity: factory,
        opcodes: { NUMBER: { count: 1, contract: factory } },
        creations: [{ opcode: 'CREATE2', contract: factory, created: sender.toLowerCase() }],
        output: pad(sender.toLowerCase() as Hex),
      },
      sender: {
        entity: sender.toLowerCase(),
        // What a DELEGATECALL touches is the caller's own storage.
        storage: { [sender.toLowerCase()]: { reads: [pad('0x07')], writes: [pad('0x02')] } },
        codeAccess: { [library]: { codeBytes: 4, opcode: 'DELEGATECALL', contract: sender.toLowerCase() } },
        output: pad('0x00'),
        reverted: false,
      },
      paymaster: {
        entity: paymaster,
        storage: { [library]: { reads: [pad('0x07')], writes: [] } },
        calls: [{ type: 'CALL', from: paymaster, to: library, valueWei: 0n, inputHead: '0x' }],
      },
    })
    if (!outcome.passed) throw new Error('the operation did not pass')
    const { account: accountGas, paymaster: paymasterGas, total } = outcome.gas
    expect(accountGas).toBeGreaterThan((phases.factory?.gasUsed ?? 0n) + (phases.sender?.gasUsed ?? 0n))
    expect(paymasterGas).toBeGreaterThan(phases.paymaster?.gasUsed ?? 0n)
    expect(total).toBeGreaterThanOrEqual(accountGas + paymasterGas)
  })

  it('keep of all that is hashed what begins with an address, memory beyond its end read as zeros', async () => {
    const sender = freshAddress()
    await chain.place(
      accountCode('ADDRESS 0 MSTORE 64 0 KECCAK256 POP 0 NOT 5 MSTORE 64 0 KECCAK256 POP'),
      sender,
    )
    const { keccakPreimages } = await trace(testOperation({ sender }))
    expect(keccakPreimages).toContain(`${pad(sender)}${'00'.repeat(32)}`)
    // The EntryPoint hashes besides: for the account's nonce, deposit and operation.
    expect(keccakPreimages).toContain(`${pad(sender)}${pad('0x01').slice(2)}`)
    expect(keccakPreimages.filter(preimage => !preimage.startsWith(`0x${'00'.repeat(12)}`))).toEqual([])
  })

  it('say how an operation failed', async () => {
    const { outcome, phases } = await trace(
      testOperation({ sender: await chain.place(assemble('0 0 REVERT')) }),
    )
    expect(outcome).toMatchObject({ passed: false, revertData: expect.stringMatching(/^0x65c8fd4d/) })
    expect(phases.sender?.reverted).toBe(true)
  })

  it('do not depend on what the execution would do', async () => {
    const sender = await chain.place(accountCode(''))
    const calm = testOperation({ sender, callData: '0x00', callGasLimit: 0n })
    const wild = { ...calm, callData: '0x01' as const, callGasLimit: 10_000_000n }
    expect((await trace(wild)).phases).toEqual((await trace(calm)).phases)
  })

  it('reckon gas as the EntryPoint does when the operation lands', async () => {
    const sender = await chain.place(accountCode('1 2 SSTORE'))
    const paymaster = await chain.place(paymasterCode('', 64))
    await chain.deposit(paymaster, parseEther('1'))
    const operation = testOperation({ sender, paymaster, ...testFees })
    const { outcome } = await trace(operation)
    const receipt = await chain.send({ to: chain.entryPoint, data: handleOps(operation), gas: 2_000_000n })
    const root = (await chain.client.request({
      method: 'debug_traceTransaction',
      params: [receipt.transactionHash, { tracer: 'callTracer' }],
    } as never)) as CallFrame
    const inner = root.calls?.find(call => call.input.startsWith('0x0042dc53'))
    const { args } = decodeFunctionData({ abi: entryPoint07Abi, data: inner?.input ?? '0x' })
    const { preOpGas } = (args as readonly unknown[])[1] as { preOpGas: bigint }
    if (!outcome.passed) throw new Error('the operation did not pass')
    const difference = outcome.gas.total + operation.preVerificationGas - preOpGas
    // The operation that stops the call takes a little memory of its own.
    expect(Math.abs(Number(difference))).toBeLessThan(200)
  })
})

describe('the tracer', () => {
  it('asks for one block by its hash, and errs when the node does not have it', async () => {
    const operation = testOperation({ sender: await chain.place(accountCode('')) })
    const block = { ...(await chain.head()), hash: keccak256('0x1234') }
    const tracer = createDebugTracer({ client: chain.client })
    await expect(
      tracer.trace({
        userOperation: operation,
        entryPoint: chain.entryPoint,
        version: entryPoint07,
        block,
        operationKey: '',
      }),
    ).rejects.toThrow()
  })

  it('errs when the node ran some other tracer', async () => {
    const client = createPublicClient({
      transport: custom({ request: async () => ({ structLogs: [] }) }),
    }) as PublicClient
    await expect(trace(testOperation({ sender: freshAddress() }), client)).rejects.toThrow(/JavaScript/)
  })

  it('brings a collector that every engine reads: ES5, in which nodes of 2022 still think', () => {
    const collector = debugCollector(entryPoint07.selectors)
    expect(collector).not.toMatch(/=>|`|\?\?|\?\.|\.\.\.|\b(let|const|class|async)\b/)
    // A trailing comma, which old engines refuse in places.
    expect(collector).not.toMatch(/,\s*[}\])]/)
    expect(() => new Function(`"use strict"; return (${collector})`)).not.toThrow()
  })
})
