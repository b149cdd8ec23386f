// What the EntryPoint says to a bundle: the very call that will be sent, asked of the node first.
import {
  type Address,
  BaseError,
  type Hash,
  type Hex,
  numberToHex,
  type PublicClient,
  type SignedAuthorization,
} from 'viem'
import { encodeHandleOps } from '../entryPoint/encodeHandleOps.ts'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import { encodedOperation } from '../estimation/encodedOperation.ts'
import type { RpcOverrides } from '../estimation/overrides.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

/** The authorizations that its senders' delegations hang on. EIP-7702 */
export function authorizationsOf(operations: readonly ValidatedOperation[]): readonly SignedAuthorization[] {
  return operations.flatMap(({ userOperation: { authorization }, authorizes }) =>
    authorizes === true && authorization !== undefined ? [authorization] : [],
  )
}

/** The bundle's calldata. */
export function encodeBundle(
  version: EntryPointVersion,
  operations: readonly ValidatedOperation[],
  beneficiary: Address,
): Hex {
  const encoded = operations.map(({ userOperation }) => encodedOperation(userOperation, version).encoded)
  return encodeHandleOps(version, encoded, beneficiary)
}

export type Simulation =
  | { readonly kind: 'success' }
  /** This operation must not be in the bundle. */
  | { readonly kind: 'failed'; readonly index: number; readonly reason: string; readonly inner?: Hex }
  /** The EntryPoint reverted without naming an operation; `reason` is its text, if any. */
  | { readonly kind: 'reverted'; readonly reason?: string }

/** On the state after which block an eth_call is made. */
export type CallBlock = { readonly blockHash: Hash }

type CallParameters = [transaction: object, block: CallBlock, overrides?: RpcOverrides]

/** `passedAll`: whether what the call returns tells of a success. Throws when the node does not answer, or answers anything but a revert. */
export async function simulateHandleOps(
  client: PublicClient,
  call: {
    from: Address
    to: Address
    data: Hex
    gas: bigint
    authorizations?: readonly SignedAuthorization[]
  },
  version: EntryPointVersion,
  at: CallBlock,
  passedAll: (returned: Hex) => boolean = () => true,
): Promise<Simulation> {
  const { from, to, data, gas, authorizations = [] } = call
  const authorizationList = authorizations.map(wireAuthorization)
  const transaction = {
    from,
    to,
    data,
    gas: numberToHex(gas),
    ...(authorizationList.length > 0 && { authorizationList }),
  }
  const answer = await callAt(client, [transaction, at])
  if (answer.revertData !== undefined) return readFailure(answer.revertData, version)
  return passedAll(answer.returned) ? { kind: 'success' } : { kind: 'reverted' }
}

/** What an eth_call reverts with; undefined if it does not. Throws when the node answers anything else. */
export async function revertDataOf(client: PublicClient, params: CallParameters): Promise<Hex | undefined> {
  return (await callAt(client, params)).revertData
}

type CallAnswer = { readonly returned: Hex; readonly revertData?: undefined } | { readonly revertData: Hex }

async function callAt(client: PublicClient, params: CallParameters): Promise<CallAnswer> {
  try {
    const returned = await client.request<{
      Method: 'eth_call'
      Parameters: CallParameters
      ReturnType: Hex
    }>({ method: 'eth_call', params })
    return { returned }
  } catch (error) {
    const revertData = readRevertData(error)
    if (revertData === undefined) throw error
    return { revertData }
  }
}

/** Quantities without leading zeros, as nodes ask for. */
export function wireAuthorization({ chainId, address, nonce, yParity = 0, r, s }: SignedAuthorization) {
  return {
    chainId: numberToHex(chainId),
    address,
    nonce: numberToHex(nonce),
    yParity: numberToHex(yParity),
    r: numberToHex(BigInt(r)),
    s: numberToHex(BigInt(s)),
  }
}

function readFailure(data: Hex, version: EntryPointVersion): Simulation {
  const failure = version.failureOf(data)
  // Not an error of the EntryPoint: the caller has to find out whose it is.
  if (failure === undefined) return { kind: 'reverted' }
  const { index, reason, inner } = failure
  if (index === undefined) return { kind: 'reverted', reason }
  return { kind: 'failed', index, reason, ...(inner !== '0x' && { inner }) }
}

/** JSON-RPC code 3 is a revert; its data stands beside it (geth, anvil and others), perhaps one level deeper. */
function readRevertData(error: unknown): Hex | undefined {
  if (!(error instanceof BaseError)) return undefined
  const revert = error.walk(cause => hasCode(cause, 3) || readHex(cause) !== undefined)
  if (revert === null) return undefined
  return readHex(revert) ?? '0x'
}

function hasCode(error: unknown, code: number): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code
}

function readHex(error: unknown): Hex | undefined {
  if (typeof error !== 'object' || error === null || !('data' in error)) return undefined
  const data = error.data
  if (typeof data === 'string' && /^0x(?:[0-9a-f]{2})*$/i.test(data)) return data as Hex
  return typeof data === 'object' ? readHex(data) : undefined
}
