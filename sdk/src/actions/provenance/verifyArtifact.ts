// Asks the chain whether an artifact came out of a recorded training.
import type { Client, Hex, ReadContractErrorType } from 'viem'
import { readContract } from 'viem/actions'
import * as trainingRecord from '../../abi/trainingRecord.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type ComputeError, throwComputeError } from '../../errors/computeError.ts'
import { type Datum, hashDatum } from './createDataTree.ts'

export type VerifyArtifactParameters = WithContracts & {
  readonly recordId: Hex
  readonly artifact: Datum
  /** From `createDataTree(…).proofOf`. */
  readonly proof: readonly Hex[]
}
export type VerifyArtifactReturnType = boolean
/** A `ComputeError` named `UnknownRecord` when there is none of this id. */
export type VerifyArtifactErrorType = ComputeError | ReadContractErrorType

/**
 * Returns whether an artifact belongs to the result of a recorded training. Only its hash goes to the node.
 *
 * @example
 * import { verifyArtifact } from '@worldland-aa/sdk/actions/provenance/verifyArtifact'
 *
 * const belongs = await verifyArtifact(publicClient, { contracts, recordId, artifact: weights, proof })
 */
export async function verifyArtifact(
  client: Client | SmartAccountClient,
  parameters: VerifyArtifactParameters,
): Promise<VerifyArtifactReturnType> {
  const { contracts, recordId, artifact, proof } = parameters
  return await readContract(chainClientOf(client), {
    address: contracts.trainingRecord,
    abi: [trainingRecord.verifyArtifact],
    functionName: 'verifyArtifact',
    args: [recordId, hashDatum(artifact), proof],
  }).catch(throwComputeError)
}
