// What gas should this operation ask for? Measured by running it, not guessed, for accounts that may
// not exist yet, hold nothing and have not signed.
import type { Logger } from '@worldland-aa/service/logger'
import type { Result } from '@worldland-aa/service/result'
import type { StateOverride } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { AuthorizationTerms } from '../validation/authorization.ts'
import { checkShape } from '../validation/fields.ts'
import { atNewestHead, type HeadSource } from '../validation/headSource.ts'
import type { ValidationLimits } from '../validation/limits.ts'
import { rejectField } from '../validation/rejection.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import type { Estimator, GasEstimate } from './estimator.ts'
import { delegateSender, serializeOverride } from './overrides.ts'

export type EstimationOptions = {
  readonly estimator: Estimator
  readonly version: EntryPointVersion
  readonly chain: HeadSource
  readonly limits: ValidationLimits
  readonly authorizations?: AuthorizationTerms
  readonly logger: Logger
}

export type Estimation = {
  /** Zero gas limits and fees mean "not given". Throws when the node does not answer. */
  estimate(userOperation: UserOperation, stateOverride?: StateOverride): Promise<Result<GasEstimate>>
}

export function createEstimation(options: EstimationOptions): Estimation {
  const { estimator, chain, logger } = options
  return {
    async estimate(userOperation, stateOverride = []) {
      const overrides = serializeOverride(stateOverride)
      if (overrides === undefined) {
        return rejectField('stateOverride', 'gives one account both state and stateDiff', 'give one of them')
      }
      const shape = checkShape(userOperation, options)
      if (!shape.ok) return shape
      const request = { userOperation, overrides: delegateSender(overrides, userOperation) }
      const estimate = await atNewestHead(chain, block => estimator.estimateAt(block, request))
      if (!estimate.ok) {
        logger.debug({ sender: userOperation.sender, refusal: estimate.refusal }, 'an estimate was refused')
      }
      return estimate
    },
  }
}
