// One operation judged at one block: everything read is of that block.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Result } from '@worldland-aa/service/result'
import { type Address, keccak256 } from 'viem'
import { type EvmLevel, isAcceptedPrecompile } from '../chains/evmLevel.ts'
import { delegationCode, deployingFactory } from '../entryPoint/delegation.ts'
import { operationHash } from '../entryPoint/operationHash.ts'
import { checkAuthority } from './authorization.ts'
import type { EntityStateReader } from './entityState.ts'
import { entryPointRefusal } from './entryPointRefusal.ts'
import { type Examined, type JudgementOptions, judge } from './judgement.ts'
import { soonDue } from './soonDue.ts'
import type { Trace } from './trace.ts'
import { operationKeyOf, type Tracer } from './tracers/tracer.ts'
import type { EntityRole, EntityStake, UserOperation, ValidatedOperation } from './validatedOperation.ts'

export type VerdictOptions = JudgementOptions & {
  readonly tracer: Tracer
  readonly entityState: EntityStateReader
}

export async function judgeAt(
  block: Block,
  userOperation: UserOperation,
  options: VerdictOptions,
): Promise<Result<ValidatedOperation>> {
  const trace = await traceAt(block, userOperation, options)
  const { outcome } = trace
  const authority = checkAuthority(userOperation, trace)
  if (!authority.ok) return authority
  if (!outcome.passed) {
    return entryPointRefusal({ trace, userOperation, version: options.version, ...outcome })
  }
  return judge(await examine(trace, userOperation, options), options)
}

type ExaminationOptions = Pick<
  VerdictOptions,
  'chainId' | 'entryPoint' | 'version' | 'evm' | 'tracer' | 'entityState' | 'horizon'
>

/** At the block's own time; or at the operation's, if that begins soon. */
async function traceAt(
  block: Block,
  userOperation: UserOperation,
  { chainId, entryPoint, version, tracer, horizon }: ExaminationOptions,
): Promise<Trace> {
  const operationKey = operationKeyOf(
    userOperation,
    operationHash(userOperation, version, { chainId, entryPoint }),
  )
  const request = { userOperation, entryPoint, version, block, operationKey }
  const trace = await tracer.trace(request)
  const timestamp = soonDue(trace, version, horizon)
  return timestamp === undefined ? trace : await tracer.trace({ ...request, timestamp })
}

/** All that there is to be judged, also of an operation that the EntryPoint refuses. */
export async function examineAt(
  block: Block,
  userOperation: UserOperation,
  options: ExaminationOptions,
): Promise<Examined> {
  return await examine(await traceAt(block, userOperation, options), userOperation, options)
}

/** Reads of the trace's block what judging it takes. */
async function examine(
  trace: Trace,
  userOperation: UserOperation,
  options: Pick<VerdictOptions, 'entityState' | 'entryPoint' | 'evm' | 'version'>,
): Promise<Examined> {
  const roles = rolesOf(userOperation, trace, options.version)
  const stakesOf = Object.values(roles)
  const codeOf = visitedCode(trace, { ...options, entities: stakesOf })
  const state = await options.entityState.read({ block: trace.block, stakesOf, codeOf })
  const entities = Object.fromEntries(
    Object.entries(roles).map(([role, address]) => [role, state.stakes.get(address) as EntityStake]),
  ) as ValidatedOperation['entities']
  return { userOperation, trace, entities, codeHashes: delegated(state.codeHashes, userOperation) }
}

/** The sender's code as it is once its authorization has been taken, so that the taking is no change. */
function delegated(
  codeHashes: Examined['codeHashes'],
  { sender, authorization }: UserOperation,
): Examined['codeHashes'] {
  if (authorization === undefined) return codeHashes
  const hash = keccak256(delegationCode(authorization.address))
  return new Map([...codeHashes, [sender.toLowerCase() as Address, hash]])
}

/**
 * A factory that the EntryPoint has not called, for the account exists, is none: anyone could name anybody as his, and
 * have him answer for what he had no part in.
 */
function rolesOf(
  userOperation: UserOperation,
  { phases }: Trace,
  { ignoresNeedlessFactory }: VerdictOptions['version'],
): Partial<Record<EntityRole, Address>> {
  const { sender, paymaster } = userOperation
  const isIgnored = ignoresNeedlessFactory && phases.factory === undefined
  const factory = isIgnored ? undefined : deployingFactory(userOperation.factory)
  return {
    sender,
    ...(factory && { factory }),
    ...(paymaster && { paymaster }),
  }
}

/**
 * ERC-7562 [COD-010]: any visited address, entity, or referenced library. Not the EntryPoint: its code is
 * fixed, and whether an account pays it in validation depends on the deposit that earlier operations left.
 */
function visitedCode(
  trace: Trace,
  { entities, entryPoint, evm }: { entities: readonly Address[]; entryPoint: Address; evm: EvmLevel },
): readonly Address[] {
  const visited = Object.values(trace.phases).flatMap(phase => Object.keys(phase.codeAccess) as Address[])
  const delegates = Object.values(trace.phases).flatMap(({ delegate }) => delegate ?? [])
  const all = [...entities.map(address => address.toLowerCase() as Address), ...visited, ...delegates]
  return [...new Set(all)].filter(
    address => address !== entryPoint.toLowerCase() && !isAcceptedPrecompile(address, evm),
  )
}
