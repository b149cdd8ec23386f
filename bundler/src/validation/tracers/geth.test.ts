// The same operations on a real geth through every tracer, fact by fact. geth is no npm package: GETH names its binary
// (1.16 or later, for erc7562Tracer), or these are skipped. FUZZ_OPERATIONS and FUZZ_SEED: as for wildOperations;
// FUZZ_NATIVE=no leaves the native tracer out of the wild ones, so that more of them can be looked at.
import { inspect } from 'node:util'
import fc from 'fast-check'
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProgramReader } from '../../chainState/programReader.ts'
import { createEngine } from '../../execution/engine.ts'
import { nodeEntities } from '../entityState.ts'
import { createJudge } from '../judge.ts'
import { defaultStakeMinimums, defaultValidationLimits } from '../limits.ts'
import { ruleCases } from '../rules/testing/cases.ts'
import { placeCase, placeContracts } from '../rules/testing/placeCase.ts'
import type { RuleCase } from '../rules/testing/ruleCase.ts'
import { createGenesis, startGethChain } from '../testing/gethChain.ts'
import { asNativeTells, nativeFacts } from '../testing/nativeAgreement.ts'
import { deploySimpleAccounts, type SimpleAccounts } from '../testing/simpleAccount.ts'
import { startTestChain } from '../testing/testChain.ts'
import { kindOf, type Verdict, verdictOf } from '../testing/verdict.ts'
import { placeWild, wildOperation } from '../testing/wildOperation.ts'
import type { UserOperation } from '../validatedOperation.ts'
import { createDebugTracer } from './debug.ts'
import { createLocalTracer } from './local.ts'
import { createNativeTracer } from './native.ts'
import type { Tracer } from './tracer.ts'

// biome-ignore lint/style/noProcessEnv: where a geth is, and how long to look, is said by the person who looks
const { GETH = '', FUZZ_OPERATIONS = '150', FUZZ_SEED, FUZZ_NATIVE } = process.env
const seed = Number(FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31))
/** So that the node traces while our EVM runs. */
const together = 8
/** Nobody knows them of the block to come: our EVM and a node's call answer differently, and what follows differs too. */
const unknowns = ['BASEFEE', 'COINBASE', 'DIFFICULTY']
/** By whom the wild ones are judged. */
const compared =
  FUZZ_NATIVE === 'no' ? (['local', 'debug'] as const) : (['local', 'debug', 'native'] as const)
const cases = Object.values(ruleCases).flat()

describe.skipIf(GETH === '').each(['paris', 'prague'] as const)(
  'geth at the level of %s (runs where GETH=/path/to/geth is given)',
  fork => {
    let chain: Awaited<ReturnType<typeof startGethChain>>
    let tracers: Readonly<Record<Tracer['name'], Tracer>>
    let accounts: SimpleAccounts
    const operations = new Map<RuleCase, UserOperation>()
    const wild: UserOperation[] = []

    // All that is not deployed by a transaction has to stand in the genesis.
    beforeAll(async () => {
      const genesis = createGenesis()
      await placeContracts(genesis)
      for (const given of cases) operations.set(given, await placeCase(genesis, given))
      const sample = { numRuns: Number(FUZZ_OPERATIONS), seed }
      for (const given of fc.sample(wildOperation(await implementationCode()), sample)) {
        wild.push(await placeWild(genesis, given))
      }
      chain = await startGethChain({ binary: GETH, genesis, fork })
      const { client } = chain
      const reader = createProgramReader(client)
      const evm = { fork, extraPrecompiles: [] }
      tracers = {
        local: createLocalTracer(createEngine({ reader, chainId: 103, evm, stepLimit: 1_000_000 })),
        debug: createDebugTracer({ client }),
        native: createNativeTracer({ client }),
      }
      accounts = await deploySimpleAccounts(chain)
    })
    afterAll(() => chain.stop())

    async function expectSameFacts(userOperation: UserOperation): Promise<void> {
      const block = await chain.head()
      const { entryPoint, version } = chain
      const request = { userOperation, entryPoint, version, block, operationKey: userOperation.sender }
      const local = await tracers.local.trace(request)
      expect(await tracers.debug.trace(request)).toEqual(local)
      const native = await tracers.native.trace(request)
      expect(nativeFacts(native)).toEqual(asNativeTells(local, native))
    }

    it.each(cases)('the facts are the same: $title', async given => {
      await expectSameFacts(operations.get(given) as UserOperation)
    })

    it('the facts are the same of a SimpleAccount that is deployed with the operation', async () => {
      const operation = await accounts.operation(1n)
      await chain.deposit(operation.sender, parseEther('1'))
      await expectSameFacts(operation)
    })

    it('the facts are the same of one that pays from its balance, and that cannot', async () => {
      const operation = await accounts.operation(2n)
      await expectSameFacts(operation)
      await chain.send({ to: operation.sender, value: parseEther('1') })
      await expectSameFacts(operation)
    })

    it('the facts are the same of one that its owner has not signed', async () => {
      const operation = await accounts.operation(3n)
      await chain.deposit(operation.sender, parseEther('1'))
      await expectSameFacts({ ...operation, signature: `0x${'11'.repeat(64)}1b` })
      await expectSameFacts({ ...operation, signature: '0x' })
    })

    it(`${FUZZ_OPERATIONS} wild operations get the same verdict from all (FUZZ_SEED=${seed})`, {
      timeout: 14_400_000,
    }, async () => {
      const options = {
        chainId: 103,
        entryPoint: chain.entryPoint,
        entryPointVersion: chain.version.number,
        evm: { fork, extraPrecompiles: [] },
        alternativeMempools: [],
        limits: defaultValidationLimits,
        stakeMinimums: defaultStakeMinimums,
        bundleSize: 1,
        entities: nodeEntities(chain.client, chain.entryPoint),
      }
      const block = await chain.head()
      const judged = (by: Tracer['name'], operation: UserOperation) =>
        verdictOf(createJudge({ ...options, tracer: tracers[by] }), operation, block)
      async function readsUnknowns(userOperation: UserOperation): Promise<boolean> {
        const { entryPoint, version } = chain
        const operationKey = userOperation.sender
        const { phases } = await tracers.local.trace({
          userOperation,
          entryPoint,
          version,
          block,
          operationKey,
        })
        return Object.values(phases).some(({ opcodes }) => unknowns.some(opcode => opcode in opcodes))
      }
      const kinds = new Map<string, number>()
      let explained = 0
      const differences: unknown[] = []
      async function compare(operation: UserOperation): Promise<void> {
        const [local, debug, native] = await Promise.all(compared.map(by => judged(by, operation)))
        if (local === undefined || debug === undefined) throw new Error('no verdict')
        kinds.set(kindOf(local), (kinds.get(kindOf(local)) ?? 0) + 1)
        if (inShort(debug) === inShort(local) && (native === undefined || agrees(native, local))) return
        if (!local.ok && !debug.ok && (await readsUnknowns(operation))) {
          explained++
          return
        }
        differences.push({ operation, local, debug, native })
        process.stderr.write(`a difference: ${inspect({ operation, local, debug, native }, { depth: 5 })}\n`)
      }
      for (let index = 0; index < wild.length; index += together) {
        await Promise.all(wild.slice(index, index + together).map(compare))
        if (index % 1_000 < together) {
          process.stderr.write(
            `${index} compared on ${fork}, ${differences.length} differences, ${explained} explained\n`,
          )
        }
      }
      process.stderr.write(`verdicts: ${JSON.stringify(Object.fromEntries([...kinds].sort()))}\n`)
      expect(differences).toEqual([])
      expect(kinds.get('accepted')).toBeGreaterThan(0)
      expect(kinds.size).toBeGreaterThan(5)
    })
  },
)

async function implementationCode() {
  const anvil = await startTestChain()
  const code = await (await deploySimpleAccounts(anvil)).implementationCode()
  await anvil.stop()
  return code
}

/** Of several contracts and opcodes that break a rule the native tracer may name another; its gas is rounded. */
function inShort(verdict: Verdict): string {
  if (verdict.ok) return 'accepted'
  const { code, rule, message, entity } = verdict
  return [code, rule ?? message.replaceAll(/\d+/g, '…'), entity].join(' ')
}

function agrees(native: Verdict, local: Verdict): boolean {
  if (inShort(native) === inShort(local)) return true
  // geth 1.16.7 forgets a GAS, and an EXTCODE*, that a RETURN or REVERT follows at once.
  const isForgotten = !local.ok && (local.rule === 'OP-012' || local.rule === 'OP-054')
  // Rounded up, the gas may come too close to its limit (LIM-030).
  const isRounded = local.ok && !native.ok && native.message.includes('too close to')
  // What it tells has no order: of several rules that one entity breaks it may name another.
  const isAnother = !local.ok && !native.ok && native.code === local.code && native.entity === local.entity
  return isForgotten || isRounded || isAnother
}
