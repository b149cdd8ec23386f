// Puts a training on record: which data, image, code and configuration led to which result.
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
import { type Statement, toStatementStruct } from './statement.ts'

export type RecordTrainingParameters = BatchParameters & {
  readonly statement: Statement
  /** The payer's, unless it sends this itself or signs later. */
  readonly payerSignature?: Hex | undefined
  /** Likewise. */
  readonly providerSignature?: Hex | undefined
}
/** The user operation's hash; `StatementRecorded` names the record, as `hashStatement` does beforehand. */
export type RecordTrainingReturnType = BatchReturnType
export type RecordTrainingErrorType = BatchErrorType

/**
 * Records a statement that at least one party of its lease or session stands behind: the sender, if it is
 * one, and whoever's signature is given (`signStatement`). A record never changes; what is wrong is
 * contested.
 *
 * @example
 * import { recordTraining } from '@worldland-aa/sdk/actions/provenance/recordTraining'
 * import { hashStatement } from '@worldland-aa/sdk/actions/provenance/hashStatement'
 *
 * const hash = await recordTraining(smartAccountClient, { contracts, statement })
 * const recordId = hashStatement({ contracts, chainId: 103, statement })
 */
export async function recordTraining(
  client: SmartAccountClient,
  parameters: RecordTrainingParameters,
): Promise<RecordTrainingReturnType> {
  return await sendBatch(client, { ...parameters, calls: recordTraining.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
recordTraining.calls = (
  parameters: WithContracts & Omit<RecordTrainingParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, statement, payerSignature = '0x', providerSignature = '0x' } = parameters
  return [
    toCall(contracts.trainingRecord, {
      abi: [trainingRecord.record],
      functionName: 'record',
      args: [toStatementStruct(statement), payerSignature, providerSignature],
    }),
  ]
}
