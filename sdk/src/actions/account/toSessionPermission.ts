// Which functions of a contract a session key may call.
import {
  type Abi,
  type AbiFunction,
  type AbiStateMutability,
  type Address,
  type ContractFunctionName,
  type Hex,
  toFunctionSelector,
} from 'viem'

export type SessionPermission = {
  readonly target: Address
  /** 1 to 8 of them. */
  readonly selectors: readonly Hex[]
}

type WriteName<abi extends Abi> = ContractFunctionName<abi, Exclude<AbiStateMutability, 'pure' | 'view'>>

export type ToSessionPermissionParameters<abi extends Abi = Abi> = {
  readonly target: Address
  readonly abi: abi
  /** With all their overloads. */
  readonly functionNames: readonly WriteName<abi>[]
}
export type ToSessionPermissionReturnType = SessionPermission

/**
 * Names functions for `grantSessionKey`. Of the compute token only `transfer`, `transferFrom` and `approve`
 * can be had, the last for spenders that are targets themselves.
 *
 * @example
 * import { toSessionPermission } from '@worldland-aa/sdk/actions/account/toSessionPermission'
 * import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
 *
 * const permission = toSessionPermission({
 *   target: contracts.instanceLease,
 *   abi: instanceLeaseAbi,
 *   functionNames: ['stopAndSettle'],
 * })
 */
export function toSessionPermission<const abi extends Abi>(
  parameters: ToSessionPermissionParameters<abi>,
): ToSessionPermissionReturnType {
  const { target, abi, functionNames } = parameters
  const names: readonly string[] = functionNames
  const selectors = abi
    .filter((item): item is AbiFunction => item.type === 'function' && names.includes(item.name))
    .map(item => toFunctionSelector(item))
  return { target, selectors }
}
