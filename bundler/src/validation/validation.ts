// May this operation enter the mempool, and may it still enter a bundle? One verdict, from one trace
// of the real handleOps, all of it read at one block.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Logger } from '@worldland-aa/service/logger'
import { accept, type Result } from '@worldland-aa/service/result'
import type { Address, PublicClient } from 'viem'
import type { EvmLevel } from '../chains/evmLevel.ts'
import type { PreVerificationGas } from '../estimation/preVerificationGas.ts'
import type { AlternativeMempool } from './alternativeMempools.ts'
import { createEntityStateReader } from './entityState.ts'
import { checkFields } from './fields.ts'
import { type HeadSource, judgeAtHead } from './headSource.ts'
import type { MinimumFees, StakeMinimums, ValidationLimits } from './limits.ts'
import { reject } from './rejection.ts'
import type { Tracer } from './tracers/tracer.ts'
import type { UserOperation, ValidatedOperation } from './validatedOperation.ts'
import { judgeAt, type VerdictOptions } from './verdict.ts'

export type ValidationOptions = {
  readonly client: PublicClient
  readonly entryPoint: Address
  readonly tracer: Tracer
  readonly chain: HeadSource
  readonly limits: ValidationLimits
  readonly evm: EvmLevel
  /** None: only the canonical mempool is served. */
  readonly alternativeMempools: readonly AlternativeMempool[]
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

export function createValidation(options: ValidationOptions): Validation {
  const { client, entryPoint, chain, logger } = options
  if (client.chain === undefined) throw new Error('Validation needs a client that knows its chain')
  const verdictOptions: VerdictOptions = {
    ...options,
    chainId: client.chain.id,
    entityState: createEntityStateReader({ client, entryPoint, stakeMinimums: options.stakeMinimums }),
  }

  const judge = (userOperation: UserOperation): Promise<Result<ValidatedOperation>> =>
    judgeAtHead(chain, block => judgeAt(block, userOperation, verdictOptions))

  return {
    async validate(userOperation) {
      const minimumFees = await options.minimumFees()
      const fields = checkFields(userOperation, { ...options, minimumFees })
      if (!fields.ok) return fields
      const verdict = await judge(userOperation)
      if (!verdict.ok) {
        logger.debug({ sender: userOperation.sender, refusal: verdict.refusal }, 'an operation was refused')
      }
      return verdict
    },

    async revalidate(validated) {
      const verdict = await judge(validated.userOperation)
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
