// Disagrees with a record, in public.
import { type Hex, zeroHash } from 'viem'
import * as trainingRecord from '../../abi/trainingRecord.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'

export type ContestTrainingParameters = BatchParameters & {
  readonly recordId: Hex
  /** Of whatever stands behind `evidenceUri`. */
  readonly evidenceHash?: Hex | undefined
  /** At most 512 bytes. */
  readonly evidenceUri?: string | undefined
}
/** The user operation's hash. */
export type ContestTrainingReturnType = BatchReturnType
export type ContestTrainingErrorType = BatchErrorType

/**
 * Contests a record. Anybody may; a party that has not signed thereby refuses its signature for good.
 *
 * @example
 * import { contestTraining } from '@worldland-aa/sdk/actions/provenance/contestTraining'
 *
 * const hash = await contestTraining(smartAccountClient, { contracts, recordId, evidenceUri: 'https://example.org/evidence' })
 */
export async function contestTraining(
  client: SmartAccountClient,
  parameters: ContestTrainingParameters,
): Promise<ContestTrainingReturnType> {
  return await sendBatch(client, { ...parameters, calls: contestTraining.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
contestTraining.calls = (
  parameters: WithContracts & Omit<ContestTrainingParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, recordId, evidenceHash = zeroHash, evidenceUri = '' } = parameters
  return [
    toCall(contracts.trainingRecord, {
      abi: [trainingRecord.contest],
      functionName: 'contest',
      args: [recordId, evidenceHash, evidenceUri],
    }),
  ]
}
