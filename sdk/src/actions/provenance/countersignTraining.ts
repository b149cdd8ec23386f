// Adds the other party's signature to a record.
import type { Hex } from 'viem'
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
import { parties } from './trainingRecord.ts'

export type CountersignTrainingParameters = BatchParameters & {
  readonly recordId: Hex
  /** Whose signature it is. */
  readonly party: 'payer' | 'provider'
  /** From `signStatement`. Default: the sender is the party. */
  readonly signature?: Hex | undefined
}
/** The user operation's hash. */
export type CountersignTrainingReturnType = BatchReturnType
export type CountersignTrainingErrorType = BatchErrorType

/**
 * Countersigns a record. A party that sends this itself needs no signature; anybody else hands in the
 * party's.
 *
 * @example
 * import { countersignTraining } from '@worldland-aa/sdk/actions/provenance/countersignTraining'
 *
 * const hash = await countersignTraining(smartAccountClient, { contracts, recordId, party: 'provider' })
 */
export async function countersignTraining(
  client: SmartAccountClient,
  parameters: CountersignTrainingParameters,
): Promise<CountersignTrainingReturnType> {
  return await sendBatch(client, { ...parameters, calls: countersignTraining.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
countersignTraining.calls = (
  parameters: WithContracts & Omit<CountersignTrainingParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, recordId, party, signature = '0x' } = parameters
  return [
    toCall(contracts.trainingRecord, {
      abi: [trainingRecord.countersign],
      functionName: 'countersign',
      args: [recordId, parties.indexOf(party), signature],
    }),
  ]
}
