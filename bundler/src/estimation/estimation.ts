// What gas should this operation ask for? Measured by running it, not guessed, for accounts that may
// not exist yet, hold nothing and have not signed.
import type { Logger } from '@worldland-aa/service/logger'
import type { Result } from '@worldland-aa/service/result'
import type { Address, PublicClient, StateOverride } from 'viem'
import type { ValidationLimits } from '../validation/limits.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import type { HeadSource } from '../validation/validation.ts'
import type { PreVerificationGas } from './preVerificationGas.ts'

/** The answer of eth_estimateUserOperationGas (ERC-7769), in gas. */
export type GasEstimate = {
  readonly preVerificationGas: bigint
  readonly verificationGasLimit: bigint
  readonly callGasLimit: bigint
  readonly paymasterVerificationGasLimit?: bigint
  readonly paymasterPostOpGasLimit?: bigint
}

export type EstimationOptions = {
  readonly client: PublicClient
  readonly entryPoint: Address
  readonly chain: HeadSource
  readonly limits: ValidationLimits
  readonly preVerificationGas: PreVerificationGas
  readonly logger: Logger
}

export type Estimation = {
  /** Zero gas limits and fees mean "not given". Throws when the node does not answer. */
  estimate(userOperation: UserOperation, stateOverride?: StateOverride): Promise<Result<GasEstimate>>
}

export declare function createEstimation(options: EstimationOptions): Estimation
