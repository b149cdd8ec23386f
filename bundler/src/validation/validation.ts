// May this operation enter the mempool, and may it still enter a bundle? One verdict, from one trace
// of the real handleOps, all of it read at one block.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Logger } from '@worldland-aa/service/logger'
import type { Result } from '@worldland-aa/service/result'
import type { Address, PublicClient } from 'viem'
import type { PreVerificationGas } from '../estimation/preVerificationGas.ts'
import type { MinimumFees, StakeMinimums, ValidationLimits } from './limits.ts'
import type { Tracer } from './tracers/tracer.ts'
import type { UserOperation, ValidatedOperation } from './validatedOperation.ts'

/** The chain as validation needs it; a ChainFollower is one. */
export type HeadSource = {
  head(): Block
  /** Looks for a newer head now. */
  poll(): Promise<void>
}

export type ValidationOptions = {
  readonly client: PublicClient
  readonly entryPoint: Address
  readonly tracer: Tracer
  readonly chain: HeadSource
  readonly limits: ValidationLimits
  readonly stakeMinimums: StakeMinimums
  readonly preVerificationGas: PreVerificationGas
  readonly minimumFees: () => MinimumFees | Promise<MinimumFees>
  readonly logger: Logger
}

export type Validation = {
  /** First validation. Refuses with the codes of ERC-7769; throws when the node does not answer. */
  validate(userOperation: UserOperation): Promise<Result<ValidatedOperation>>
  /** Second validation, at the head of now: the whole trace again, and the code must be the same. */
  revalidate(validated: ValidatedOperation): Promise<Result<ValidatedOperation>>
}

export declare function createValidation(options: ValidationOptions): Validation
