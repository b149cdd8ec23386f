// Judges operations at a block, wherever that is done: in this thread with the node's tracer, or in a thread beside
// with an EVM of its own. All that goes in and comes out can be copied from one thread to another.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Result } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import type { EvmLevel } from '../chains/evmLevel.ts'
import type { EntryPointNumber } from '../entryPoint/entryPointVersion.ts'
import { entryPointVersions } from '../entryPoint/entryPointVersions.ts'
import { createPreVerificationGas } from '../estimation/preVerificationGas.ts'
import type { AlternativeMempool } from './alternativeMempools.ts'
import { createEntityStateReader, type EntitySource } from './entityState.ts'
import type { Horizon } from './horizon.ts'
import type { StakeMinimums, ValidationLimits } from './limits.ts'
import { type Standing, stillStands } from './standing.ts'
import type { Tracer } from './tracers/tracer.ts'
import type { UserOperation, ValidatedOperation } from './validatedOperation.ts'
import { judgeAt, type VerdictOptions } from './verdict.ts'

export type Judge = {
  /** Throws when the node does not answer: an outage is never a verdict. */
  judge(userOperation: UserOperation, block: Block, horizon: Horizon): Promise<Result<ValidatedOperation>>
  /**
   * For each, whether it would be judged at `block` as it was, because nothing that it stood on has changed; false
   * where only `judge` can tell. Throws as `judge` does.
   */
  standing(operations: readonly Standing[], block: Block, horizon: Horizon): Promise<readonly boolean[]>
}

export type JudgeOptions = {
  readonly chainId: number
  readonly entryPoint: Address
  readonly entryPointVersion: EntryPointNumber
  readonly limits: ValidationLimits
  readonly evm: EvmLevel
  readonly alternativeMempools: readonly AlternativeMempool[]
  readonly stakeMinimums: StakeMinimums
  /** Operations over which preVerificationGas spreads the gas of a transaction. */
  readonly bundleSize: number
  /** Whether bundles go through the BundleGuard, which operations pay for. */
  readonly isGuarded?: boolean
}

export function createJudge(options: JudgeOptions & { tracer: Tracer; entities: EntitySource }): Judge {
  const { entities: source, stakeMinimums, bundleSize, isGuarded } = options
  const version = entryPointVersions[options.entryPointVersion]
  const verdictOptions: Omit<VerdictOptions, 'horizon'> = {
    ...options,
    version,
    entityState: createEntityStateReader({ source, stakeMinimums }),
    preVerificationGas: createPreVerificationGas({ bundleSize, version, fork: options.evm.fork, isGuarded }),
  }
  return {
    judge: (userOperation, block, horizon) => judgeAt(block, userOperation, { ...verdictOptions, horizon }),
    standing: (operations, block, horizon) =>
      Promise.all(operations.map(operation => stillStands(block, operation, { ...verdictOptions, horizon }))),
  }
}
