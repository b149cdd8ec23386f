// Bundle commits and inclusion promises ↔ bytes. A commit's operationsHash follows from its operations and is not sent.
import { concatHex, getAddress, type Hash, type Hex, keccak256 } from 'viem'
import type { SignedBundleCommit, SignedInclusionPromise } from '../messages.ts'
import { BundleCommitMessage, InclusionPromiseMessage } from './containers.ts'
import { type Decoded, decoded, malformed } from './decoded.ts'
import { deserialize, toBytes, toHex } from './serialize.ts'

const mostBundlerId = 0xffff_ffffn

export function operationsHashOf(operations: readonly Hash[]): Hash {
  return keccak256(operations.length === 0 ? '0x' : concatHex(operations))
}

export function encodeCommit({ commit, operations, signature }: SignedBundleCommit): Uint8Array {
  return BundleCommitMessage.serialize({
    bundlerId: BigInt(commit.bundlerId),
    window: commit.window,
    sequence: BigInt(commit.sequence),
    transactionHash: toBytes(commit.transactionHash),
    operations: operations.map(toBytes),
    signature: toBytes(signature),
  })
}

export function decodeCommit(bytes: Uint8Array): Decoded<SignedBundleCommit> {
  const read = deserialize(BundleCommitMessage, bytes)
  if (!read.ok) return read
  const { bundlerId, window, sequence, transactionHash, signature } = read.value
  if (!isId(bundlerId) || sequence > mostBundlerId) return malformed('bundler_id or sequence is no uint32')
  const operations = read.value.operations.map(toHex)
  if (operations.length === 0) return malformed('it commits to no operation')
  return decoded({
    commit: {
      bundlerId: Number(bundlerId),
      window,
      sequence: Number(sequence),
      operationsHash: operationsHashOf(operations),
      transactionHash: toHex(transactionHash),
    },
    operations,
    signature: toHex(signature),
  })
}

export function encodePromise({ promise, signature }: SignedInclusionPromise): Uint8Array {
  return InclusionPromiseMessage.serialize({
    bundlerId: BigInt(promise.bundlerId),
    userOpHash: toBytes(promise.userOpHash),
    sender: toBytes(promise.sender),
    nonce: promise.nonce,
    latestBlock: promise.latestBlock,
    maxBaseFeePerGas: promise.maxBaseFeePerGas,
    signature: toBytes(signature),
  })
}

export function decodePromise(bytes: Uint8Array): Decoded<SignedInclusionPromise> {
  const read = deserialize(InclusionPromiseMessage, bytes)
  if (!read.ok) return read
  const { bundlerId, userOpHash, sender, nonce, latestBlock, maxBaseFeePerGas, signature } = read.value
  if (!isId(bundlerId)) return malformed('bundler_id is no id')
  if (maxBaseFeePerGas >> 128n !== 0n) return malformed('max_base_fee_per_gas is larger than 128 bits')
  return decoded({
    promise: {
      bundlerId: Number(bundlerId),
      userOpHash: toHex(userOpHash),
      sender: getAddress(toHex(sender)),
      nonce,
      latestBlock,
      maxBaseFeePerGas,
    },
    signature: toHex(signature) as Hex,
  })
}

function isId(bundlerId: bigint): boolean {
  return bundlerId > 0n && bundlerId <= mostBundlerId
}
