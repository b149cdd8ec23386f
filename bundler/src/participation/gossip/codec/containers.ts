// The SSZ containers on the wire. v0.6 as in the bundler-spec; since v0.7, for which it has none, in Voltaire's order.
import {
  ByteListType,
  ByteVectorType,
  ContainerType,
  ListCompositeType,
  OptionalType,
  UintBigintType,
} from '@chainsafe/ssz'
import { wireLimits } from '../limits.ts'

const Uint64 = new UintBigintType(8)
const Uint256 = new UintBigintType(32)
const Address = new ByteVectorType(20)
export const Bytes32 = new ByteVectorType(32)
const Bytes = new ByteListType(wireLimits.fieldBytes)
const Signature = new ByteVectorType(65)
const Byte = new ByteListType(wireLimits.mempoolIdBytes)
const jsonCase = 'eth2'

export const UserOperation06 = new ContainerType(
  {
    sender: Address,
    nonce: Uint256,
    initCode: Bytes,
    callData: Bytes,
    callGasLimit: Uint256,
    verificationGasLimit: Uint256,
    preVerificationGas: Uint256,
    maxFeePerGas: Uint256,
    maxPriorityFeePerGas: Uint256,
    paymasterAndData: Bytes,
    signature: Bytes,
  },
  { typeName: 'UserOperationV06', jsonCase },
)

const Authorization = new ContainerType(
  { chainId: Uint256, nonce: Uint256, address: Address, v: Uint256, r: Uint256, s: Uint256 },
  { typeName: 'Eip7702Authorization', jsonCase },
)

const fields07 = {
  sender: Address,
  nonce: Uint256,
  factory: new OptionalType(Address),
  factoryData: new OptionalType(Bytes),
  callData: Bytes,
  callGasLimit: Uint256,
  verificationGasLimit: Uint256,
  preVerificationGas: Uint256,
  maxFeePerGas: Uint256,
  maxPriorityFeePerGas: Uint256,
  paymaster: new OptionalType(Address),
  paymasterVerificationGasLimit: new OptionalType(Uint256),
  paymasterPostOpGasLimit: new OptionalType(Uint256),
  paymasterData: new OptionalType(Bytes),
  signature: Bytes,
  eip7702Auth: new OptionalType(Authorization),
} as const

/** Of v0.7 and v0.8 alike: the topic's mempool tells the EntryPoint. */
export const UserOperation07 = new ContainerType(fields07, { typeName: 'UserOperationV07', jsonCase })

/** What v0.9 adds stands last. */
export const UserOperation09 = new ContainerType(
  { ...fields07, paymasterSignature: new OptionalType(Bytes) },
  { typeName: 'UserOperationV09', jsonCase },
)

export type UserOperationContainer = typeof UserOperation06 | typeof UserOperation07 | typeof UserOperation09

/** `verified_at_block_hash` is a uint256 in the spec: the hash as a number, which SSZ writes backwards. */
export function verifiedUserOperation<Operation extends UserOperationContainer>(userOperation: Operation) {
  return new ContainerType(
    { userOperation, entryPoint: Address, verifiedAtBlockHash: Uint256 },
    { typeName: 'VerifiedUserOperation', jsonCase },
  )
}

export const BundleCommitMessage = new ContainerType(
  {
    bundlerId: Uint64,
    window: Uint64,
    sequence: Uint64,
    transactionHash: Bytes32,
    operations: new ListCompositeType(Bytes32, wireLimits.operationsPerCommit),
    signature: Signature,
  },
  { typeName: 'SignedBundleCommit', jsonCase },
)

export const InclusionPromiseMessage = new ContainerType(
  {
    bundlerId: Uint64,
    userOpHash: Bytes32,
    sender: Address,
    nonce: Uint256,
    latestBlock: Uint64,
    maxBaseFeePerGas: Uint256,
    signature: Signature,
  },
  { typeName: 'SignedInclusionPromise', jsonCase },
)

export const Status = new ContainerType(
  { chainId: Uint64, blockHash: Bytes32, blockNumber: Uint64 },
  { typeName: 'Status', jsonCase },
)

/** Of goodbye, and the sequence number of a ping. */
export const Number64 = Uint64

export const Metadata = new ContainerType(
  { seqNumber: Uint64, supportedMempools: new ListCompositeType(Byte, wireLimits.mempools) },
  { typeName: 'Metadata', jsonCase },
)

export const HashesPage = new ContainerType(
  { hashes: new ListCompositeType(Bytes32, wireLimits.hashesPerRequest), nextCursor: Bytes32 },
  { typeName: 'PooledUserOpHashes', jsonCase },
)

export const HashesRequest = new ListCompositeType(Bytes32, wireLimits.hashesPerRequest)

export function operationsList<Operation extends UserOperationContainer>(operation: Operation) {
  return new ListCompositeType(verifiedUserOperation(operation), wireLimits.hashesPerRequest)
}
