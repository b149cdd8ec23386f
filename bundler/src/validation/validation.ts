// May this operation enter the mempool, and may it still enter a bundle? One verdict, from one trace
// of the real handleOps, all of it read at one block.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Block } from '@worldland-aa/service/chain/block'
import type { Logger } from '@worldland-aa/service/logger'
import { accept, type Result } from '@worldland-aa/service/result'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { PreVerificationGas } from '../estimation/preVerificationGas.ts'
import type { AuthorizationTerms } from './authorization.ts'
import { checkFields } from './fields.ts'
import { type HeadSource, judgeAtHead } from './headSource.ts'
import type { HorizonOf, Purpose } from './horizon.ts'
import type { Judge } from './judge.ts'
import type { MinimumFees, ValidationLimits } from './limits.ts'
import { reject } from './rejection.ts'
import { standingOf } from './standing.ts'
import type { UserOperation, ValidatedOperation } from './validatedOperation.ts'

export type ValidationOptions = {
  readonly judge: Judge
  readonly version: EntryPointVersion
  readonly chain: HeadSource
  readonly horizonOf: HorizonOf
  readonly limits: ValidationLimits
  readonly preVerificationGas: PreVerificationGas
  readonly minimumFees: () => MinimumFees | Promise<MinimumFees>
  readonly authorizations?: AuthorizationTerms
  readonly logger: Logger
}

export type Validation = {
  /** First validation. Refuses with the codes of ERC-7769; throws when the node does not answer. */
  validate(userOperation: UserOperation): Promise<Result<ValidatedOperation>>
  /**
   * Second validation of those whom nothing has touched: as validated at `block`, in the order given. Undefined for
   * those who must be traced again.
   */
  untouched(
    operations: readonly ValidatedOperation[],
    block: Block,
  ): Promise<readonly (ValidatedOperation | undefined)[]>
  /** Second validation, at the head of now: the whole trace again, and the code must be the same. */
  revalidate(validated: ValidatedOperation): Promise<Result<ValidatedOperation>>
}

export function createValidation(options: ValidationOptions): Validation {
  const { judge, chain, horizonOf, logger } = options

  const judgeNow = (userOperation: UserOperation, purpose: Purpose): Promise<Result<ValidatedOperation>> =>
    judgeAtHead(chain, block => judge.judge(userOperation, block, horizonOf(block, purpose)))

  return {
    async validate(userOperation) {
      const minimumFees = await options.minimumFees()
      const fields = checkFields(userOperation, { ...options, minimumFees })
      if (!fields.ok) return fields
      const verdict = await judgeNow(userOperation, 'admission')
      if (!verdict.ok) {
        logger.debug({ sender: userOperation.sender, refusal: verdict.refusal }, 'an operation was refused')
      }
      return verdict
    },

    async untouched(operations, block) {
      if (operations.length === 0) return []
      const standing = await judge.standing(operations.map(standingOf), block, horizonOf(block, 'bundle'))
      return operations.map((validated, index) =>
        standing[index] === true
          ? { ...validated, verifiedAt: { number: block.number, hash: block.hash } }
          : undefined,
      )
    },

    async revalidate(validated) {
      const verdict = await judgeNow(validated.userOperation, 'bundle')
      if (!verdict.ok) return verdict
      // ERC-7562 [COD-010]
      if (verdict.value.codeHash !== validated.codeHash) return rejectChangedCode(validated)
      return accept({ ...verdict.value, ...(validated.accepted && { accepted: validated.accepted }) })
    },
  }
}

function rejectChangedCode({ entities: { sender } }: ValidatedOperation): Result<never> {
  return reject(rejectionCode.opcode, 'account is validated by code that has changed since it was accepted', {
    rule: 'COD-010',
    entity: 'account',
    address: sender.address,
    hint: 'send the operation again',
  })
}
