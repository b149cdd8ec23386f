// Under which terms a landed operation was signed for, read out of the transaction that brought it. Anybody may have written
// that one: it is decoded only where it is what an encoder writes.
import * as bundleGuard from '@worldland-aa/sdk/abi/bundleGuard'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { canonicalDecoder } from '@worldland-aa/sdk/protocol/canonicalDecoder'
import type { EncodingBounds } from '@worldland-aa/sdk/protocol/encodingInspector'
import { decodePaymasterData, type PaymasterTerms } from '@worldland-aa/sdk/protocol/paymasterData'
import { paymasterLayout } from '@worldland-aa/sdk/protocol/paymasterLayout'
import {
  type AbiParameterToPrimitiveType,
  encodeAbiParameters,
  getAbiItem,
  type Hash,
  type Hex,
  isAddressEqual,
  keccak256,
  parseAbiParameters,
  size,
  slice,
  toFunctionSelector,
} from 'viem'
import type { Landing } from '../ledger/advance.ts'
import type { Contracts } from './landings.ts'

export type Domain = Contracts & { readonly chainId: number }

/** Eight times what nodes take from strangers; a miner may put as much into a block of its own. */
const maxBundleBytes = 1_048_576
/** As many operations as there are bytes for. */
const bounds: EncodingBounds = {
  maxBytes: maxBundleBytes,
  maxListLength: maxBundleBytes / 32,
  ending: 'open',
}

const handleOps = getAbiItem({ abi: entryPoint07Abi, name: 'handleOps' })
const guardedInputs = [...handleOps.inputs, ...parseAbiParameters('uint256 lastBlock')] as const
const decodeBundle = canonicalDecoder(handleOps.inputs, bounds)
const decodeGuardedBundle = canonicalDecoder(guardedInputs, bounds)
const handleOpsSelector = toFunctionSelector(handleOps)
const guardSelector = toFunctionSelector(bundleGuard.handleOps)

type PackedOperation = AbiParameterToPrimitiveType<(typeof handleOps.inputs)[0]>[number]

/**
 * Undefined where the transaction is no bundle for the EntryPoint or the BundleGuard (but a contract's own encoding of
 * one, say), or holds it under other terms: what stands in it need not be what was executed, the hash is.
 */
export function landedTerms(
  input: Hex,
  landing: Pick<Landing, 'sender' | 'nonce' | 'userOperationHash'>,
  domain: Domain,
): PaymasterTerms | undefined {
  const operation = operationsIn(input).find(
    one =>
      isAddressEqual(one.sender, landing.sender) &&
      one.nonce === landing.nonce &&
      hashOf(one, domain) === landing.userOperationHash,
  )
  if (operation === undefined) return undefined
  const { paymasterAndData } = operation
  if (size(paymasterAndData) <= paymasterLayout.mode) return undefined
  const payer = slice(paymasterAndData, 0, paymasterLayout.verificationGasLimit)
  if (!isAddressEqual(payer, domain.paymaster)) return undefined
  return decodePaymasterData(slice(paymasterAndData, paymasterLayout.mode))?.terms
}

function operationsIn(input: Hex): readonly PackedOperation[] {
  const selector = input.slice(0, 10).toLowerCase()
  const isGuarded = selector === guardSelector
  if (!isGuarded && selector !== handleOpsSelector) return []
  const decode = isGuarded ? decodeGuardedBundle : decodeBundle
  const decoded = decode(`0x${input.slice(10)}`)
  return decoded.ok ? decoded.values[0] : []
}

const hashed = parseAbiParameters('address, uint256, bytes32, bytes32, bytes32, uint256, bytes32, bytes32')

/** ERC-4337 v0.7: userOpHash */
function hashOf(operation: PackedOperation, { entryPoint, chainId }: Domain): Hash {
  const { sender, nonce, initCode, callData, accountGasLimits, gasFees, paymasterAndData } = operation
  const packed = encodeAbiParameters(hashed, [
    ...([sender, nonce, keccak256(initCode), keccak256(callData), accountGasLimits] as const),
    ...([operation.preVerificationGas, gasFees, keccak256(paymasterAndData)] as const),
  ])
  return keccak256(
    encodeAbiParameters(parseAbiParameters('bytes32, address, uint256'), [
      keccak256(packed),
      entryPoint,
      BigInt(chainId),
    ]),
  )
}
