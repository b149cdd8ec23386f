// From facts to a verdict, without asking anyone: what was traced and read of the state, held against
// the rules. The same for a live operation and for a saved trace.
import { accept, type Result } from '@worldland-aa/service/result'
import { type Address, type Hash, size } from 'viem'
import type { EvmLevel } from '../chains/evmLevel.ts'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import { operationHash } from '../entryPoint/operationHash.ts'
import type { PreVerificationGas } from '../estimation/preVerificationGas.ts'
import { type AlternativeMempool, mempoolsAllowing } from './alternativeMempools.ts'
import { type Answers, checkAnswers } from './answers.ts'
import { checkAuthority, takesEffect } from './authorization.ts'
import { combinedCodeHash } from './entityState.ts'
import { entryPointRefusal } from './entryPointRefusal.ts'
import type { Horizon } from './horizon.ts'
import type { StakeMinimums, ValidationLimits } from './limits.ts'
import { rejectViolation } from './rejectViolation.ts'
import type { Violation } from './rules/rule.ts'
import { findViolations } from './rules/rules.ts'
import type { Trace } from './trace.ts'
import type {
  EntityRole,
  SlotAccess,
  UserOperation,
  ValidatedOperation,
  ValidationRecord,
} from './validatedOperation.ts'
import { paymasterValidation } from './validationData.ts'

/** All that is judged: one operation's trace and the state it ran on. */
export type Examined = {
  readonly userOperation: UserOperation
  readonly trace: Trace
  readonly entities: ValidatedOperation['entities']
  /** Of every address that validation visited. */
  readonly codeHashes: ReadonlyMap<Address, Hash>
}

export type JudgementOptions = {
  readonly chainId: number
  readonly entryPoint: Address
  readonly version: EntryPointVersion
  readonly limits: ValidationLimits
  readonly evm: EvmLevel
  readonly stakeMinimums: StakeMinimums
  readonly preVerificationGas: PreVerificationGas
  /** What its validity is held against. */
  readonly horizon: Horizon
  readonly alternativeMempools: readonly AlternativeMempool[]
}

export function violationsOf(examined: Examined, options: JudgementOptions): readonly Violation[] {
  return findViolations({ ...options, ...examined })
}

export function judge(examined: Examined, options: JudgementOptions): Result<ValidatedOperation> {
  const { userOperation, trace, entities } = examined
  const { outcome } = trace
  const { version } = options
  const authority = checkAuthority(userOperation, trace)
  if (!authority.ok) return authority
  if (!outcome.passed) return entryPointRefusal({ trace, userOperation, version, ...outcome })
  const violations = violationsOf(examined, options)
  const [violation] = violations
  // ERC-7562 [ALT-020] Other pools are asked only about what the canonical one does not take.
  const mempools =
    violation === undefined ? undefined : mempoolsAllowing(violations, options.alternativeMempools)
  if (violation !== undefined && mempools?.length === 0) {
    return rejectViolation(violation, entities, options.stakeMinimums)
  }
  const answers = checkAnswers({ ...options, userOperation, trace, gas: outcome.gas })
  return answers.ok ? accept(validatedOperation(examined, options, { ...answers.value, mempools })) : answers
}

/** What is known of the operation, whether it may enter or not. */
export function validatedOperation(
  { userOperation, trace, entities, codeHashes }: Examined,
  { chainId, entryPoint, version }: JudgementOptions,
  found: Answers & { readonly mempools: readonly string[] | undefined },
): ValidatedOperation {
  const { outcome, block, authority } = trace
  const { authorization } = userOperation
  const { mempools, ...period } = found
  const record = recordOf(trace, version)
  return {
    userOperation,
    userOperationHash: operationHash(userOperation, version, { chainId, entryPoint }),
    entryPoint,
    entities,
    ...period,
    prefundWei: version.prefundGas(userOperation) * userOperation.maxFeePerGas,
    verificationGasUsed: outcome.passed ? outcome.gas.total : 0n,
    storage: touchedStorage(trace, entryPoint),
    codeHash: combinedCodeHash(codeHashes),
    verifiedAt: { number: block.number, hash: block.hash },
    accepted: record,
    current: record,
    ...(mempools && { mempools }),
    ...(authorization && takesEffect(authorization, authority) && { authorizes: true }),
  }
}

function recordOf({ phases }: Trace, version: EntryPointVersion): ValidationRecord {
  const context = phases.paymaster && paymasterValidation(phases.paymaster.output, version)?.context
  const phaseGas = Object.fromEntries(
    Object.entries(phases).map(([role, { gasUsed }]) => [role, Number(gasUsed)]),
  ) as Partial<Record<EntityRole, number>>
  return { contextBytes: size(context ?? '0x'), phaseGas }
}

/** Of all phases together; the EntryPoint's own slots are no conflict, they are keyed by account. */
function touchedStorage(trace: Trace, entryPoint: Address): Record<Address, SlotAccess> {
  const storage: Record<Address, SlotAccess> = {}
  for (const phase of Object.values(trace.phases)) {
    for (const [contract, touched] of Object.entries(phase.storage)) {
      const before = storage[contract as Address]
      storage[contract as Address] = {
        reads: [...new Set([...(before?.reads ?? []), ...touched.reads])],
        writes: [...new Set([...(before?.writes ?? []), ...touched.writes])],
      }
    }
  }
  delete storage[entryPoint.toLowerCase() as Address]
  return storage
}
