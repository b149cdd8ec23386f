// Operations that nobody would send, through our own EVM and through the node's: the same verdict, by the same rule.
// FUZZ_OPERATIONS=100000 makes it that many; FUZZ_SEED replays a run.
import { inspect, isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import type { Hex } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createProgramReader } from '../../chainState/programReader.ts'
import { londonEvm } from '../../chains/evmLevel.ts'
import { createEngine } from '../../execution/engine.ts'
import { nodeEntities } from '../entityState.ts'
import { createJudge, type Judge } from '../judge.ts'
import { defaultStakeMinimums, defaultValidationLimits } from '../limits.ts'
import { placeContracts } from '../rules/testing/placeCase.ts'
import { deploySimpleAccounts } from '../testing/simpleAccount.ts'
import { startTestChain, type TestChain } from '../testing/testChain.ts'
import { kindOf, verdictOf } from '../testing/verdict.ts'
import { placeWild, type Wild, wildOperation } from '../testing/wildOperation.ts'
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
  accountImplementation = await accounts.implementationCode()
  const debug = createDebugTracer({ client: chain.client })
  const engine = createEngine({
    reader: createProgramReader(chain.client),
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
    createJudge({ ...options, tracer: debug, entities: nodeEntities(chain.client, chain.entryPoint) }),
    createJudge({
      ...options,
      tracer: createLocalTracer(engine),
      entities: request => engine.entities({ ...request, ...chain }),
    }),
  ]
})
afterAll(() => chain.stop())

it(`${FUZZ_OPERATIONS} operations get the same verdict from both (FUZZ_SEED=${seed})`, {
  timeout: 14_400_000,
}, async () => {
  const counts = new Map<string, number>()
  const count = (kind: string): void => void counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const differences: unknown[] = []
  async function compare(given: Wild): Promise<void> {
    const userOperation = await placeWild(chain, given)
    const expected = await verdictOf(judges[0], userOperation, await chain.head()).catch(() => undefined)
    const found = await verdictOf(judges[1], userOperation, await chain.head())
    // Code that never ends: the node's collector gives up on it, not our EVM.
    if (expected === undefined) return count('the node gave up')
    count(kindOf(expected))
    // revm refuses a write in a static call before it charges for it; geth, the specification and our EVM after that.
    if (!found.ok && found.rule === 'OP-020' && !(expected.ok || expected.rule === 'OP-020')) {
      return count('a write in a static call')
    }
    // Gathered rather than thrown: a long run shall tell of all it met.
    if (isDeepStrictEqual(found, expected)) return
    differences.push({ given, expected, found })
    tell(`a difference: ${inspect({ given, expected, found }, { depth: 5 })}`)
  }
  let compared = 0
  const several = fc.array(wildOperation(accountImplementation), { minLength: together, maxLength: together })
  await fc.assert(
    // Several at once, so that the node traces while our EVM runs.
    fc.asyncProperty(several, async given => {
      await Promise.all(given.map(compare))
      compared += together
      if (compared % 1_000 === 0) tell(`${compared} compared, ${differences.length} differences`)
    }),
    { numRuns: Math.ceil(Number(FUZZ_OPERATIONS) / together), seed },
  )
  tell(`verdicts: ${JSON.stringify(Object.fromEntries([...counts].sort()))}`)
  expect(differences).toEqual([])
  expect(counts.get('the node gave up') ?? 0).toBeLessThan(Number(FUZZ_OPERATIONS) / 50)
  expect(counts.get('a write in a static call') ?? 0).toBeLessThan(1 + Number(FUZZ_OPERATIONS) / 200)
  // What is looked at must be worth the look: some pass, and many rules are met.
  expect(counts.get('accepted')).toBeGreaterThan(0)
  expect(counts.size).toBeGreaterThan(5)
})

function tell(line: string): void {
  process.stderr.write(`${line}\n`)
}
