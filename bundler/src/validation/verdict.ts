// One operation judged at one block: everything read is of that block.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Block } from '@worldland-aa/service/chain/block'
import { accept, type Result } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { PreVerificationGas } from '../estimation/preVerificationGas.ts'
import { checkAnswers } from './answers.ts'
import { combinedCodeHash, type EntityStateReader } from './entityState.ts'
import { entryPointRefusal } from './entryPointRefusal.ts'
import type { ValidationLimits } from './limits.ts'
import { reject } from './rejection.ts'
import { isAcceptedPrecompile } from './rules/precompiles.ts'
import type { Violation } from './rules/rule.ts'
import { findViolations } from './rules/rules.ts'
import type { Trace } from './trace.ts'
import type { Tracer } from './tracers/tracer.ts'
import type { EntityStake, SlotAccess, UserOperation, ValidatedOperation } from './validatedOperation.ts'

export type VerdictOptions = {
  readonly chainId: number
  readonly entryPoint: Address
  readonly version: EntryPointVersion
  readonly tracer: Tracer
  readonly entityState: EntityStateReader
  readonly limits: ValidationLimits
  readonly preVerificationGas: PreVerificationGas
}

export async function judgeAt(
  block: Block,
  userOperation: UserOperation,
  options: VerdictOptions,
): Promise<Result<ValidatedOperation>> {
  const { entryPoint, version, limits, chainId } = options
  const trace = await options.tracer.trace({ userOperation, entryPoint, version, block })
  const { outcome } = trace
  if (!outcome.passed) {
    return entryPointRefusal({ trace, userOperation, revertData: outcome.revertData, version })
  }
  const roles = rolesOf(userOperation)
  const state = await options.entityState.read({
    block,
    stakesOf: Object.values(roles),
    codeOf: visitedCode(trace, { entities: Object.values(roles), entryPoint }),
  })
  const stakeOf = (address: Address): EntityStake => state.stakes.get(address) as EntityStake
  const entities: ValidatedOperation['entities'] = {
    sender: stakeOf(roles.sender),
    ...(roles.factory && { factory: stakeOf(roles.factory) }),
    ...(roles.paymaster && { paymaster: stakeOf(roles.paymaster) }),
  }
  const [violation] = findViolations({ trace, entities, entryPoint, limits })
  if (violation !== undefined) return rejectViolation(violation)
  const answers = checkAnswers({ ...options, userOperation, trace, gas: outcome.gas })
  if (!answers.ok) return answers
  return accept({
    userOperation,
    userOperationHash: version.hash(userOperation, { chainId, entryPoint }),
    entryPoint,
    entities,
    ...answers.value,
    prefundWei: version.prefundGas(userOperation) * userOperation.maxFeePerGas,
    verificationGasUsed: outcome.gas.total,
    storage: touchedStorage(trace, entryPoint),
    codeHash: combinedCodeHash(state.codeHashes),
    verifiedAt: { number: block.number, hash: block.hash },
  })
}

export function rejectViolation({ message, ...data }: Violation): Result<never> {
  return reject(rejectionCode.opcode, message, {
    ...data,
    ...(data.entity === 'paymaster' && { paymaster: data.address }),
  })
}

function rolesOf({ sender, factory, paymaster }: UserOperation) {
  return {
    sender,
    ...(factory && { factory }),
    ...(paymaster && { paymaster }),
  } as {
    sender: Address
    factory?: Address
    paymaster?: Address
  }
}

/**
 * ERC-7562 [COD-010]: any visited address, entity, or referenced library. Not the EntryPoint: its code is
 * fixed, and whether an account pays it in validation depends on the deposit that earlier operations left.
 */
function visitedCode(
  trace: Trace,
  { entities, entryPoint }: { entities: readonly Address[]; entryPoint: Address },
): readonly Address[] {
  const visited = Object.values(trace.phases).flatMap(phase => Object.keys(phase.codeAccess) as Address[])
  const all = [...entities.map(address => address.toLowerCase() as Address), ...visited]
  return [...new Set(all)].filter(
    address => address !== entryPoint.toLowerCase() && !isAcceptedPrecompile(address),
  )
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
