import { createPublicClient, custom, type Hex, numberToHex, type PublicClient, pad } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entryPoint07 } from '../../entryPoint/entryPoint07.ts'
import { entryPointVersions } from '../../entryPoint/entryPointVersions.ts'
import { accountCode, assemble, paymasterCode } from '../testing/assemble.ts'
import { testOperation } from '../testing/operation.ts'
import { startTestChain, type TestChain } from '../testing/testChain.ts'
import type { UserOperation } from '../validatedOperation.ts'
import { createDebugTracer } from './debug.ts'
import { createNativeTracer } from './native.ts'
import type { NativeFrame } from './nativeTrace.ts'

/** anvil lacks erc7562Tracer: its callTracer gives the same frames, without what was done in them. */
function nodeWith(chain: TestChain, enrich: (root: NativeFrame) => NativeFrame = root => root): PublicClient {
  const request = async ({ params }: { params: readonly [object, object, { tracer: string }] }) => {
    const [call, block, { tracer }] = params
    expect(tracer).toBe('erc7562Tracer')
    const traced = { method: 'debug_traceCall', params: [call, block, { tracer: 'callTracer' }] }
    return enrich((await chain.client.request(traced as never)) as NativeFrame)
  }
  return createPublicClient({ transport: custom({ request: request as never }) }) as PublicClient
}

describe.each([
  { number: '0.6', hardfork: 'london' },
  { number: '0.7', hardfork: 'london' },
  { number: '0.8', hardfork: 'cancun' },
  { number: '0.9', hardfork: 'prague' },
] as const)('erc7562Tracer with EntryPoint v$number', ({ number, hardfork }) => {
  const version = entryPointVersions[number]
  let chain: TestChain
  beforeAll(async () => {
    chain = await startTestChain({ version, hardfork })
  })
  afterAll(() => chain.stop())

  async function traceBoth(userOperation: UserOperation) {
    const request = {
      userOperation,
      entryPoint: chain.entryPoint,
      version,
      block: await chain.head(),
      operationKey: '',
    }
    return {
      native: await createNativeTracer({ client: nodeWith(chain) }).trace(request),
      debug: await createDebugTracer({ client: chain.client }).trace(request),
    }
  }

  it('tells the same phases and gas as the collector', async () => {
    const operation = testOperation({
      sender: await chain.place(accountCode('1 2 SSTORE')),
      paymaster: await chain.place(paymasterCode('', 64)),
    })
    const { native, debug } = await traceBoth(operation)
    if (!native.outcome.passed || !debug.outcome.passed) throw new Error('it does not pass')
    for (const role of ['sender', 'paymaster'] as const) {
      expect(native.phases[role]).toMatchObject({
        entity: debug.phases[role]?.entity,
        gasUsed: debug.phases[role]?.gasUsed,
        output: debug.phases[role]?.output,
        reverted: false,
      })
    }
    const difference = Number(native.outcome.gas.total - debug.outcome.gas.total)
    expect(Math.abs(difference)).toBeLessThan(200)
    expect(native.outcome.gas.account).toBeGreaterThanOrEqual(debug.outcome.gas.account - 200n)
    expect(native.outcome.gas.paymaster).toBeGreaterThanOrEqual(debug.outcome.gas.paymaster)
  })

  it('tells what the EntryPoint refuses by its own revert data', async () => {
    const { native, debug } = await traceBoth(
      testOperation({ sender: await chain.place(accountCode('')), nonce: 7n }),
    )
    expect(native.outcome).toEqual(debug.outcome)
    expect(native.outcome.passed).toBe(false)
  })
})

describe('the frames of erc7562Tracer', () => {
  it('are added up by entity, with storage where the code ran', async () => {
    const chain = await startTestChain()
    const sender = await chain.place(accountCode(''))
    const library = '0x00000000000000000000000000000000000011b0'
    const slot = (number: number): Hex => numberToHex(number, { size: 32 })
    const client = nodeWith(chain, root => ({
      ...root,
      keccak: [numberToHex(2n ** 256n - 1n), pad(sender, { size: 32 }), '0x1234'],
      calls: (root.calls ?? []).map(call =>
        call.input.startsWith(entryPoint07.selectors.validateUserOp)
          ? {
              ...call,
              usedOpcodes: { '0x42': 1, '0x54': 1 },
              accessedSlots: { reads: { [slot(1)]: [slot(9)] }, transientWrites: { [slot(3)]: 1 } },
              contractSize: { [library]: { contractSize: 0, opcode: 0x3b } },
              extCodeAccessInfo: [library],
              calls: [
                {
                  type: 'DELEGATECALL',
                  from: sender,
                  to: library,
                  input: '0xabcdef',
                  gas: '0x10',
                  gasUsed: '0x10',
                  outOfGas: true,
                  usedOpcodes: { '0x42': 2 },
                  accessedSlots: { writes: { [slot(2)]: 1 } },
                },
              ],
            }
          : call,
      ),
    }))
    const { phases, keccakPreimages } = await createNativeTracer({ client }).trace({
      operationKey: '',
      userOperation: testOperation({ sender }),
      entryPoint: chain.entryPoint,
      version: entryPoint07,
      block: await chain.head(),
    })
    await chain.stop()
    expect(phases.sender).toMatchObject({
      opcodes: { TIMESTAMP: { count: 3, contract: sender }, SLOAD: { count: 1 } },
      storage: { [sender]: { reads: [slot(1)], writes: [slot(3), slot(2)] } },
      codeAccess: { [library]: { codeBytes: 0, opcode: 'EXTCODESIZE', inspected: true } },
      calls: [{ type: 'DELEGATECALL', from: sender, to: library, inputHead: '0xabcdef' }],
      outOfGas: [sender],
    })
    expect(keccakPreimages).toEqual([pad(sender, { size: 32 })])
  })

  it('come from the collector where the tracer crashes, as it does on an opcode without operands', async () => {
    const chain = await startTestChain()
    const request = async (call: { method: string; params: readonly unknown[] }) => {
      if (JSON.stringify(call.params).includes('erc7562Tracer')) {
        throw Object.assign(new Error('method handler crashed'), { code: -32603 })
      }
      return await chain.client.request(call as never)
    }
    const client = createPublicClient({
      transport: custom({ request: request as never }, { retryCount: 0 }),
    }) as PublicClient
    const traced = {
      operationKey: '',
      userOperation: testOperation({ sender: await chain.place(assemble('SLOAD')) }),
      entryPoint: chain.entryPoint,
      version: entryPoint07,
      block: await chain.head(),
    }
    const { outcome, phases } = await createNativeTracer({ client }).trace(traced)
    const debug = await createDebugTracer({ client: chain.client }).trace(traced)
    await chain.stop()
    expect({ outcome, phases }).toEqual({ outcome: debug.outcome, phases: debug.phases })
    expect(phases.sender?.reverted).toBe(true)
  })

  it('are missed, not made up, when the node answers something else', async () => {
    const client = createPublicClient({
      transport: custom({ request: async () => ({ structLogs: [] }) }),
    }) as PublicClient
    const trace = createNativeTracer({ client }).trace({
      operationKey: '',
      userOperation: testOperation({ sender: '0x00000000000000000000000000000000000011b0' }),
      entryPoint: entryPoint07.canonicalAddress,
      version: entryPoint07,
      block: {
        number: 1n,
        hash: slotless,
        parentHash: slotless,
        timestamp: 1n,
        baseFeePerGas: 7n,
        gasLimit: 1n,
      },
    })
    await expect(trace).rejects.toThrow(/erc7562Tracer/)
  })
})

const slotless: Hex = `0x${'00'.repeat(32)}`
