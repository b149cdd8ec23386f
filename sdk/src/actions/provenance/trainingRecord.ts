// A training record as the contract keeps it: who stands behind what.
import type { Address, ContractFunctionReturnType, Hex } from 'viem'
import type { trainingRecordAbi } from '../../abi/trainingRecord.ts'
import { fromStatementStruct, type Statement } from './statement.ts'

/** In the contract's order. */
export const parties = ['payer', 'provider'] as const
export type Party = (typeof parties)[number]

/** In the contract's order. `none`: the party has said nothing yet. */
export const stances = ['none', 'signed', 'contested'] as const
export type Stance = (typeof stances)[number]

export type TrainingRecord = {
  readonly recordId: Hex
  readonly statement: Statement
  readonly payer: Address
  readonly payerStance: Stance
  readonly provider: Address
  readonly providerStance: Stance
  /** Only then may its result be minted as a model. */
  readonly isSignedByBoth: boolean
  readonly recordedAtBlock: bigint
}

type RecordStruct = ContractFunctionReturnType<typeof trainingRecordAbi, 'view', 'recordOf'>

export function toTrainingRecord(recordId: Hex, struct: RecordStruct): TrainingRecord {
  const payerStance = stances[struct.payerStance]
  const providerStance = stances[struct.providerStance]
  if (payerStance === undefined || providerStance === undefined) {
    throw new Error(`Record ${recordId} has an unknown stance`)
  }
  return {
    recordId,
    statement: fromStatementStruct(struct.statement),
    payer: struct.payer,
    payerStance,
    provider: struct.provider,
    providerStance,
    isSignedByBoth: payerStance === 'signed' && providerStance === 'signed',
    recordedAtBlock: struct.recordedAtBlock,
  }
}
