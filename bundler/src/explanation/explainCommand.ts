// `worldland-bundler explain op.json --rpc-url …`: why an operation would be refused, without running a bundler;
// or, from a saved trace, without a node.
import { readFileSync, writeFileSync } from 'node:fs'
import { connectNode } from '@worldland-aa/service/chain/connectNode'
import { exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { type AddSubcommand, subcommand } from '@worldland-aa/service/cli/subcommand'
import { systemClock } from '@worldland-aa/service/clock'
import type { SettingValues } from '@worldland-aa/service/config/setting'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { getAddress } from 'viem'
import { chooseStateReader } from '../chainState/chooseStateReader.ts'
import { chainProfileOf, longGapSeconds } from '../chains/chainProfile.ts'
import type { EvmLevel } from '../chains/evmLevel.ts'
import { probeFork } from '../chains/probeFork.ts'
import { stakeMinimumsFrom } from '../config.ts'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import { entryPointVersionOf, entryPointVersions } from '../entryPoint/entryPointVersions.ts'
import { createPreVerificationGas } from '../estimation/preVerificationGas.ts'
import { createEngine } from '../execution/engine.ts'
import { createEntityStateReader } from '../validation/entityState.ts'
import { createHorizon, type Horizon } from '../validation/horizon.ts'
import type { JudgementOptions } from '../validation/judgement.ts'
import { defaultValidationLimits } from '../validation/limits.ts'
import { readAlternativeMempools } from '../validation/readAlternativeMempools.ts'
import { createLocalTracer } from '../validation/tracers/local.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { examineAt } from '../validation/verdict.ts'
import { versionLimits } from '../validation/versionLimits.ts'
import { explainSettings } from './explainSettings.ts'
import { explain } from './explanation.ts'
import { explanationText } from './explanationText.ts'
import { plainExplanation } from './plainExplanation.ts'
import { readSavedTrace, type SavedTrace, writeSavedTrace } from './savedTrace.ts'

type ExplainConfig = SettingValues<typeof explainSettings>
type Parse = (value: unknown, purpose: 'send', version: EntryPointVersion) => Result<UserOperation>

/** Of opcodes: as long as anybody will wait. */
const stepLimit = 20_000_000

export function explainCommand({ parseUserOperation }: { parseUserOperation: Parse }): AddSubcommand {
  return subcommand({
    name: 'explain',
    description:
      'tell why an operation would be accepted or refused, rule by rule; exits with 1 when refused',
    argument: { name: 'operation.json', describe: 'the operation as eth_sendUserOperation takes it' },
    example: `  worldland-bundler explain operation.json --rpc-url http://127.0.0.1:8545 --save-trace trace.json
  worldland-bundler explain --trace trace.json --json`,
    definition: { prefix: 'WORLDLAND_BUNDLER', settings: explainSettings },
    async run(config, file) {
      try {
        const answer = await answerTo(config, file, parseUserOperation)
        if (answer.ok) {
          process.stdout.write(answer.value.text)
          return answer.value.accepted ? exitCodes.done : exitCodes.no
        }
        process.stderr.write(`${answer.refusal.message}\n`)
        return exitCodes.usage
      } catch (error) {
        process.stderr.write(`the operation could not be traced: ${reasonOf(error)}\n`)
        return exitCodes.unavailable
      }
    },
  })
}

async function answerTo(
  config: ExplainConfig,
  file: string | undefined,
  parse: Parse,
): Promise<Result<{ text: string; accepted: boolean }>> {
  const saved =
    config.trace === undefined
      ? await traceNow(config, file, parse)
      : readSavedTrace(readFileSync(config.trace, 'utf8'))
  if (!saved.ok) return saved
  if (config.saveTrace !== undefined) writeFileSync(config.saveTrace, writeSavedTrace(saved.value))
  const options = judgementOptions(config, saved.value)
  if (!options.ok) return options
  const minimumFees = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }
  const { explanation } = explain(saved.value.examined, { ...options.value, minimumFees })
  const json = (): string => `${JSON.stringify(plainExplanation(explanation), null, 2)}\n`
  return accept({
    text: config.json ? json() : explanationText(explanation),
    accepted: explanation.accepted,
  })
}

async function traceNow(
  config: ExplainConfig,
  file: string | undefined,
  parse: Parse,
): Promise<Result<SavedTrace>> {
  if (file === undefined || config.rpcUrl === undefined) {
    return refuse({
      code: exitCodes.usage,
      message: 'give a file with the operation and --rpc-url, or a saved --trace',
    })
  }
  const content = JSON.parse(readFileSync(file, 'utf8'))
  // A whole JSON-RPC request is taken too.
  const parsed = parse(
    Array.isArray(content?.params) ? content.params[0] : content,
    'send',
    versionIn(config),
  )
  if (!parsed.ok) return parsed
  return accept(await examineNow(config.rpcUrl, config, parsed.value))
}

/** In an EVM of our own: any node will do. */
async function examineNow(
  rpcUrl: string,
  config: ExplainConfig,
  userOperation: UserOperation,
): Promise<SavedTrace> {
  const { client, chainId } = await connectNode(rpcUrl)
  const entryPoint = getAddress(config.entryPoint)
  const version = versionIn(config)
  const head = await client.getBlock()
  const evm: EvmLevel = {
    fork: config.fork === 'auto' ? ((await probeFork(client, head)) ?? 'london') : config.fork,
    extraPrecompiles: config.extraPrecompiles,
  }
  const reader = await chooseStateReader(client)
  const engine = createEngine({ reader, chainId, evm, stepLimit })
  const entityState = createEntityStateReader({
    source: request => engine.entities({ ...request, entryPoint, version }),
    stakeMinimums: stakeMinimumsFrom(config),
  })
  const { number, hash, parentHash, timestamp, baseFeePerGas, gasLimit } = head
  const block = { number, hash, parentHash, timestamp, baseFeePerGas: baseFeePerGas ?? 0n, gasLimit }
  const presentSeconds = Math.max(Number(timestamp), Math.floor(systemClock.now() / 1000))
  const horizon = horizonAt(presentSeconds, config, chainId)
  const tracer = createLocalTracer(engine)
  const options = { chainId, entryPoint, version, evm, entityState, horizon, tracer }
  return {
    chainId,
    entryPoint,
    entryPointVersion: version.number,
    evm,
    presentSeconds,
    examined: await examineAt(block, userOperation, options),
  }
}

function horizonAt(presentSeconds: number, config: ExplainConfig, chainId: number): Horizon {
  const marginSeconds = config.validityMarginSeconds || longGapSeconds(chainProfileOf(chainId))
  const clock = { now: () => presentSeconds * 1000 }
  return createHorizon({ clock, marginSeconds })({ timestamp: 0n }, 'admission')
}

function versionIn({ entryPoint, entryPointVersion }: ExplainConfig): EntryPointVersion {
  return entryPointVersionOf(getAddress(entryPoint), entryPointVersion)
}

function judgementOptions(
  config: ExplainConfig,
  { chainId, entryPoint, entryPointVersion, evm, presentSeconds }: SavedTrace,
): Result<JudgementOptions> {
  const alternativeMempools = readAlternativeMempools(config.alternativeMempools)
  if (!alternativeMempools.ok) return alternativeMempools
  const version = entryPointVersions[entryPointVersion]
  return accept({
    chainId,
    entryPoint,
    version,
    limits: {
      ...defaultValidationLimits,
      maxVerificationGas: BigInt(config.maxVerificationGas),
      verificationGasSlack: BigInt(config.verificationGasSlack),
      maxOperationBytes: config.maxOperationBytes,
      ...versionLimits(entryPointVersion, config.allowUnstakedPaymasterContext),
    },
    evm,
    stakeMinimums: stakeMinimumsFrom(config),
    preVerificationGas: createPreVerificationGas({
      bundleSize: config.expectedBundleOperations,
      version,
      fork: evm.fork,
    }),
    alternativeMempools: alternativeMempools.value,
    horizon: horizonAt(presentSeconds, config, chainId),
  })
}
