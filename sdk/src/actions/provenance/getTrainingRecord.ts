// Reads one training record.
import type { Client, Hex, ReadContractErrorType } from 'viem'
import { readContract } from 'viem/actions'
import * as trainingRecord from '../../abi/trainingRecord.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type ComputeError, throwComputeError } from '../../errors/computeError.ts'
import { type TrainingRecord, toTrainingRecord } from './trainingRecord.ts'

export type GetTrainingRecordParameters = WithContracts & { readonly recordId: Hex }
export type GetTrainingRecordReturnType = TrainingRecord
/** A `ComputeError` named `UnknownRecord` when there is none of this id. */
export type GetTrainingRecordErrorType = ComputeError | ReadContractErrorType

/**
 * Returns a training record: the statement, and who signed or contested it.
 *
 * @example
 * import { getTrainingRecord } from '@worldland-aa/sdk/actions/provenance/getTrainingRecord'
 *
 * const { statement, isSignedByBoth } = await getTrainingRecord(publicClient, { contracts, recordId })
 */
export async function getTrainingRecord(
  client: Client | SmartAccountClient,
  parameters: GetTrainingRecordParameters,
): Promise<GetTrainingRecordReturnType> {
  const { contracts, recordId } = parameters
  const struct = await readContract(chainClientOf(client), {
    address: contracts.trainingRecord,
    abi: [trainingRecord.recordOf],
    functionName: 'recordOf',
    args: [recordId],
  }).catch(throwComputeError)
  return toTrainingRecord(recordId, struct)
}
