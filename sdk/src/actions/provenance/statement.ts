// What a training record states, and what its parties sign.
import { type Address, type Hex, hexToString, stringToHex, type TypedDataDomain, zeroHash } from 'viem'
import type { WithContracts } from '../../chains/computeContracts.ts'

export type Statement = {
  /** The contract of the lease or session in which it was trained. */
  readonly market: Address
  /** The lease's or session's id. */
  readonly agreementId: bigint
  /** Merkle root of what was trained on: `createDataTree(…).root`. */
  readonly datasetRoot: Hex
  /** Merkle root of the artifacts that came out, likewise. */
  readonly resultRoot: Hex
  /** Of the container that ran. */
  readonly imageDigest?: Hex | undefined
  readonly codeHash?: Hex | undefined
  readonly configHash?: Hex | undefined
  readonly metricsHash?: Hex | undefined
  /** Where the artifacts lie. */
  readonly storage?:
    | {
        /** How to read the reference, at most 32 ASCII characters: `https`, `0g`, … */
        readonly driver: string
        /** At most 512 bytes. */
        readonly reference: Hex
      }
    | undefined
}

/** The contract's struct. */
export type StatementStruct = {
  readonly market: Address
  readonly agreementId: bigint
  readonly datasetRoot: Hex
  readonly imageDigest: Hex
  readonly codeHash: Hex
  readonly configHash: Hex
  readonly resultRoot: Hex
  readonly metricsHash: Hex
  readonly storageDriver: Hex
  readonly storageReference: Hex
}

export function toStatementStruct(statement: Statement): StatementStruct {
  const { storage } = statement
  return {
    market: statement.market,
    agreementId: statement.agreementId,
    datasetRoot: statement.datasetRoot,
    imageDigest: statement.imageDigest ?? zeroHash,
    codeHash: statement.codeHash ?? zeroHash,
    configHash: statement.configHash ?? zeroHash,
    resultRoot: statement.resultRoot,
    metricsHash: statement.metricsHash ?? zeroHash,
    storageDriver: storage === undefined ? zeroHash : stringToHex(storage.driver, { size: 32 }),
    storageReference: storage?.reference ?? '0x',
  }
}

export function fromStatementStruct(struct: StatementStruct): Statement {
  const { storageDriver, storageReference, ...hashes } = struct
  return {
    ...hashes,
    storage:
      storageDriver === zeroHash
        ? undefined
        : { driver: hexToString(storageDriver, { size: 32 }), reference: storageReference },
  }
}

const types = {
  Statement: [
    { name: 'market', type: 'address' },
    { name: 'agreementId', type: 'uint256' },
    { name: 'datasetRoot', type: 'bytes32' },
    { name: 'imageDigest', type: 'bytes32' },
    { name: 'codeHash', type: 'bytes32' },
    { name: 'configHash', type: 'bytes32' },
    { name: 'resultRoot', type: 'bytes32' },
    { name: 'metricsHash', type: 'bytes32' },
    { name: 'storageDriver', type: 'bytes32' },
    { name: 'storageReference', type: 'bytes' },
  ],
} as const

export type StatementTypedData = {
  readonly domain: TypedDataDomain
  readonly types: typeof types
  readonly primaryType: 'Statement'
  readonly message: StatementStruct
}

/** EIP-712, as `TrainingRecord.hashOf` has it. */
export function statementTypedData(
  parameters: WithContracts & { readonly chainId: number; readonly statement: Statement },
): StatementTypedData {
  const { contracts, chainId, statement } = parameters
  return {
    domain: {
      name: 'WorldLand Training Record',
      version: '1',
      chainId,
      verifyingContract: contracts.trainingRecord,
    },
    types,
    primaryType: 'Statement',
    message: toStatementStruct(statement),
  }
}
