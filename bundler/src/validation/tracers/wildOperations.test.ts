// Operations that nobody would send, through our own EVM and through the node's: the same verdict, by the same rule.
// FUZZ_OPERATIONS=100000 makes it that many; FUZZ_SEED replays a run.
import { inspect, isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { type Hex, parseEther } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createProgramReader } from '../../chainState/programReader.ts'
import { londonEvm } from '../../chains/evmLevel.ts'
import { createEngine } from '../../execution/engine.ts'
import { nodeStateCall } from '../entityState.ts'
import { createJudge, type Judge } from '../judge.ts'
import { defaultStakeMinimums, defaultValidationLimits } from '../limits.ts'
import type { Rejection } from '../rejection.ts'
import { placeContracts } from '../rules/testing/placeCase.ts'
import { accountCode, factoryCode, paymasterCode, senderOf } from '../testing/assemble.ts'
import { testOperation } from '../testing/operation.ts'
import { deploySimpleAccounts } from '../testing/simpleAccount.ts'
import { freshAddress, startTestChain, type TestChain } from '../testing/testChain.ts'
import { mutated, wildBody, wildBytes } from '../testing/wildCode.ts'
import type { UserOperation } from '../validatedOperation.ts'
import { createDebugTracer } from './debug.ts'
import { createLocalTracer } from './local.ts'

// biome-ignore lint/style/noProcessEnv: how long to look, and where, is said by the person who looks
const { FUZZ_OPERATIONS = '150', FUZZ_SEED } = process.env
const seed = Number(FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31))

const together = 8

let chain: TestChain
let accountImplementation: Hex
let judges: readonly [debug: Judge, local: Judge]

beforeAll(async () => {
  chain = await startTestChain()
  await placeContracts(chain)
  const accounts = await deploySimpleAccounts(chain)
  const { factory } = accounts
  const implementation = await chain.client.getStorageAt({ address: factory, slot: '0x0' })
  expect(implementation).toBeDefined()
  accountImplementation = await simpleAccountCode(factory)
  const debug = createDebugTracer({ client: chain.client })
  const engine = createEngine({
    read: createProgramReader(chain.client).read,
    chainId: 103,
    evm: londonEvm,
    stepLimit: 1_000_000,
  })
  const options = {
    chainId: 103,
    entryPoint: chain.entryPoint,
    entryPointVersion: '0.7' as const,
    evm: londonEvm,
    alternativeMempools: [],
    limits: defaultValidationLimits,
    stakeMinimums: defaultStakeMinimums,
    bundleSize: 1,
  }
  judges = [
    createJudge({ ...options, tracer: debug, stateCall: nodeStateCall(chain.client) }),
    createJudge({ ...options, tracer: createLocalTracer(engine), stateCall: engine.call }),
  ]
})
afterAll(() => chain.stop())

async function simpleAccountCode(factory: Hex): Promise<Hex> {
  const implementation = await chain.client.readContract({
    address: factory,
    abi: [
      {
        type: 'function',
        name: 'accountImplementation',
        inputs: [],
        outputs: [{ type: 'address' }],
        stateMutability: 'view',
      },
    ],
    functionName: 'accountImplementation',
  })
  return (await chain.client.getCode({ address: implementation as Hex })) ?? '0x'
}

function kindOf(verdict: Verdict): string {
  if (verdict.ok) return 'accepted'
  return verdict.rule ?? verdict.message.slice(0, 4)
}

type Verdict =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly code: number
      readonly message: string
      readonly rule: string | undefined
      readonly entity: string | undefined
      readonly opcode: string | undefined
    }

type Wild = {
  readonly role: 'account' | 'factory' | 'paymaster'
  readonly body: string
  readonly code: Hex | undefined
  readonly gas: number
  readonly paymasterGas: number
  readonly fee: bigint
  readonly nonce: bigint
  readonly signature: Hex
  readonly contextBytes: number
}

const wild = (): fc.Arbitrary<Wild> =>
  fc.record({
    role: fc.constantFrom('account', 'account', 'factory', 'paymaster'),
    body: wildBody,
    code: fc.option(fc.oneof(mutated([accountImplementation]), wildBytes), { nil: undefined, freq: 2 }),
    gas: fc.oneof(
      { weight: 4, arbitrary: fc.constant(250_000) },
      { weight: 1, arbitrary: fc.integer({ min: 10_000, max: 120_000 }) },
    ),
    paymasterGas: fc.oneof(fc.constant(300_000), fc.integer({ min: 5_000, max: 60_000 })),
    fee: fc.constantFrom(0n, 0n, 0n, 0n, 0n, 1_000_000_000n),
    nonce: fc.constantFrom(0n, 0n, 0n, 7n << 64n, 9n << 64n, 1n),
    signature: fc.oneof(
      fc.constant<Hex>('0x'),
      fc
        .uint8Array({ minLength: 65, maxLength: 65 })
        .map(bytes => `0x${Buffer.from(bytes).toString('hex')}` as const),
    ),
    contextBytes: fc.constantFrom(0, 0, 32, 500),
  })

async function place(given: Wild): Promise<UserOperation> {
  const { role, body } = given
  const paymaster = role === 'paymaster' ? freshAddress() : undefined
  const factory = role === 'factory' ? freshAddress() : undefined
  const fill = (sender: string): string =>
    body
      .replaceAll('SENDER', sender)
      .replaceAll('FACTORY', factory ?? '0xfac')
      .replaceAll('PAYMASTER', paymaster ?? '0xbad')
      .replaceAll('ENTRYPOINT', chain.entryPoint)
  const harmless = accountCode('')
  const sender = factory === undefined ? freshAddress() : senderOf(factory, harmless)
  const account = role === 'account' ? (given.code ?? accountCode(fill('ADDRESS'))) : harmless
  if (factory === undefined) await chain.place(account, sender)
  else await chain.place(factoryCode(fill(sender), harmless), factory)
  if (paymaster !== undefined) {
    await chain.place(given.code ?? paymasterCode(fill(sender), given.contextBytes), paymaster)
    await chain.anvil.setBalance({ address: paymaster, value: parseEther('1') })
  }
  await chain.anvil.setBalance({ address: sender, value: parseEther('1') })
  return testOperation({
    sender,
    nonce: given.nonce,
    signature: given.signature,
    verificationGasLimit: BigInt(given.gas),
    maxFeePerGas: given.fee,
    maxPriorityFeePerGas: given.fee,
    ...(factory && { factory }),
    ...(paymaster && { paymaster, paymasterVerificationGasLimit: BigInt(given.paymasterGas) }),
  })
}

async function verdict(judge: Judge, userOperation: UserOperation): Promise<Verdict> {
  const result = await judge.judge(userOperation, await chain.head())
  if (result.ok) {
    const { verifiedAt, storage, ...validated } = result.value
    return { ok: true, ...validated }
  }
  const { code, message, data } = result.refusal as Rejection
  return { ok: false, code, message, rule: data.rule, entity: data.entity, opcode: data.opcode }
}

it(`${FUZZ_OPERATIONS} operations get the same verdict from both (FUZZ_SEED=${seed})`, {
  timeout: 14_400_000,
}, async () => {
  const counts = new Map<string, number>()
  const count = (kind: string): void => void counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const differences: unknown[] = []
  async function compare(given: Wild): Promise<void> {
    const userOperation = await place(given)
    const expected = await verdict(judges[0], userOperation).catch(() => undefined)
    const found = await verdict(judges[1], userOperation)
    // Code that never ends: the node's collector gives up on it, not our EVM.
    if (expected === undefined) return count('the node gave up')
    count(kindOf(expected))
    // Gathered rather than thrown: a long run shall tell of all it met.
    if (isDeepStrictEqual(found, expected)) return
    differences.push({ given, expected, found })
    tell(`a difference: ${inspect({ given, expected, found }, { depth: 5 })}`)
  }
  let compared = 0
  await fc.assert(
    // Several at once, so that the node traces while our EVM runs.
    fc.asyncProperty(fc.array(wild(), { minLength: together, maxLength: together }), async given => {
      await Promise.all(given.map(compare))
      compared += together
      if (compared % 1_000 === 0) tell(`${compared} compared, ${differences.length} differences`)
    }),
    { numRuns: Math.ceil(Number(FUZZ_OPERATIONS) / together), seed },
  )
  tell(`verdicts: ${JSON.stringify(Object.fromEntries([...counts].sort()))}`)
  expect(differences).toEqual([])
  expect(counts.get('the node gave up') ?? 0).toBeLessThan(Number(FUZZ_OPERATIONS) / 50)
  // What is looked at must be worth the look: some pass, and many rules are met.
  expect(counts.get('accepted')).toBeGreaterThan(0)
  expect(counts.size).toBeGreaterThan(5)
})

function tell(line: string): void {
  process.stderr.write(`${line}\n`)
}
