// Validation as composition builds it, on a real chain, with what tests ask of it.
import { type Clock, systemClock } from '@worldland-aa/service/clock'
import { createLogger } from '@worldland-aa/service/logger'
import { createPublicClient, custom, type PublicClient } from 'viem'
import { createPreVerificationGas } from '../../estimation/preVerificationGas.ts'
import type { AlternativeMempool } from '../alternativeMempools.ts'
import { nodeEntities } from '../entityState.ts'
import type { HeadSource } from '../headSource.ts'
import { createHorizon } from '../horizon.ts'
import { createJudge } from '../judge.ts'
import { defaultStakeMinimums, defaultValidationLimits } from '../limits.ts'
import type { Rejection } from '../rejection.ts'
import { createDebugTracer } from '../tracers/debug.ts'
import type { UserOperation, ValidatedOperation } from '../validatedOperation.ts'
import { createValidation, type Validation } from '../validation.ts'
import type { TestChain } from './testChain.ts'

export type ValidationHarness = {
  readonly validation: Validation
  readonly source: HeadSource
  /** Methods that the node was asked for by the last operation. */
  readonly calls: string[]
  /** What validation says at the newest block; throws when that is a refusal. */
  accepted(userOperation: UserOperation): Promise<ValidatedOperation>
  /** Throws when the operation is let in. */
  refusal(userOperation: UserOperation): Promise<Rejection>
}

export async function startValidation(chain: TestChain, clock?: Clock): Promise<ValidationHarness> {
  const calls: string[] = []
  const client = listeningClient(chain, method => calls.push(method))
  const source = await followedChain(chain)
  const validation = validationOn(chain, { client, source, ...(clock && { clock }) })
  async function validate(userOperation: UserOperation) {
    await source.poll()
    calls.length = 0
    return await validation.validate(userOperation)
  }
  return {
    validation,
    source,
    calls,
    async accepted(userOperation) {
      const result = await validate(userOperation)
      if (!result.ok) throw new Error(`refused: ${result.refusal.message}`)
      return result.value
    },
    async refusal(userOperation) {
      const result = await validate(userOperation)
      if (result.ok) throw new Error('the operation was let in')
      return result.refusal as Rejection
    },
  }
}

export function validationOn(
  chain: TestChain,
  options: {
    client: PublicClient
    source: HeadSource
    clock?: Clock
    alternativeMempools?: readonly AlternativeMempool[]
  },
): Validation {
  const { alternativeMempools = [] } = options
  return createValidation({
    judge: createJudge({
      chainId: 103,
      entryPoint: chain.entryPoint,
      entryPointVersion: chain.version.number,
      tracer: createDebugTracer({ client: options.client }),
      entities: nodeEntities(options.client, chain.entryPoint),
      limits: defaultValidationLimits,
      evm: { fork: chain.hardfork, extraPrecompiles: [] },
      alternativeMempools,
      stakeMinimums: defaultStakeMinimums,
      bundleSize: 1,
    }),
    version: chain.version,
    chain: options.source,
    horizonOf: createHorizon({ clock: options.clock ?? systemClock, marginSeconds: 60 }),
    limits: defaultValidationLimits,
    preVerificationGas: createPreVerificationGas({
      bundleSize: 1,
      version: chain.version,
      fork: chain.hardfork,
    }),
    minimumFees: () => ({ maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }),
    authorizations: { chainId: 103, fork: chain.hardfork },
    logger: createLogger({ name: 'test', level: 'silent' }),
  })
}

/** A chain whose head moves only when asked to, like a follower between two polls. */
export async function followedChain(chain: TestChain): Promise<HeadSource> {
  let head = await chain.head()
  return {
    head: () => head,
    async poll() {
      head = await chain.head()
    },
    shortfall: () => undefined,
  }
}

/** A client of the chain that tells each method it is asked for, and fails where `onRequest` throws. */
export function listeningClient(chain: TestChain, onRequest: (method: string) => void): PublicClient {
  return createPublicClient({
    chain: chain.client.chain,
    transport: custom(
      {
        async request(request) {
          onRequest(request.method)
          return await chain.client.request(request)
        },
      },
      { retryCount: 0 },
    ),
  }) as PublicClient
}
