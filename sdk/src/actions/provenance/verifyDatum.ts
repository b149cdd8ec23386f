// Asks the chain whether a datum belongs to what a recorded training was trained on.
import type { Client, Hex, ReadContractErrorType } from 'viem'
import { readContract } from 'viem/actions'
import * as trainingRecord from '../../abi/trainingRecord.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type ComputeError, throwComputeError } from '../../errors/computeError.ts'
import { type Datum, hashDatum } from './createDataTree.ts'

export type VerifyDatumParameters = WithContracts & {
  readonly recordId: Hex
  readonly datum: Datum
  /** From `createDataTree(…).proofOf`. */
  readonly proof: readonly Hex[]
}
export type VerifyDatumReturnType = boolean
/** A `ComputeError` named `UnknownRecord` when there is none of this id. */
export type VerifyDatumErrorType = ComputeError | ReadContractErrorType

/**
 * Returns whether a datum belongs to a record's dataset. Only its hash goes to the node.
 *
 * @example
 * import { verifyDatum } from '@worldland-aa/sdk/actions/provenance/verifyDatum'
 *
 * const belongs = await verifyDatum(publicClient, { contracts, recordId, datum: chunk, proof })
 */
export async function verifyDatum(
  client: Client | SmartAccountClient,
  parameters: VerifyDatumParameters,
): Promise<VerifyDatumReturnType> {
  const { contracts, recordId, datum, proof } = parameters
  return await readContract(chainClientOf(client), {
    address: contracts.trainingRecord,
    abi: [trainingRecord.verifyDatum],
    functionName: 'verifyDatum',
    args: [recordId, hashDatum(datum), proof],
  }).catch(throwComputeError)
}
