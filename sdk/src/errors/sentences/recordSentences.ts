// TrainingRecord's errors in words.
import type { ContractErrorName } from 'viem'
import type { trainingRecordAbi } from '../../abi/trainingRecord.ts'
import { parties, stances } from '../../actions/provenance/trainingRecord.ts'
import type { OpenZeppelinErrorName } from './openZeppelinSentences.ts'
import type { Sentences } from './sentence.ts'

export type RecordErrorName = Exclude<ContractErrorName<typeof trainingRecordAbi>, OpenZeppelinErrorName>

export const recordSentences: Sentences<typeof trainingRecordAbi, RecordErrorName> = {
  UnknownRecord: ([recordId]) => ({
    problem: `There is no training record ${recordId}.`,
    remedy: 'Take the id from hashStatement, or from the event that recorded it.',
  }),
  NotSigned: () => ({
    problem: 'Neither party of the lease or session stands behind this statement.',
    remedy: "Send it from the payer or the provider, or add one's signature (signStatement).",
  }),
  InvalidStatementSignature: ([party, signer]) => ({
    problem: `The ${parties[party] ?? 'party'}'s signature is not ${signer}'s over this statement.`,
    remedy: 'Have it signed again by signStatement; a smart account must be deployed and speak ERC-1271.',
  }),
  StanceTaken: ([recordId, party, stance]) => ({
    problem: `The ${parties[party] ?? 'party'} has ${stances[stance] ?? 'judged'} record ${recordId} before.`,
    remedy: 'A stance is for good: contest, or record a new statement.',
  }),
  ReferenceTooLong: ([length, maximum]) => ({
    problem: `The reference is ${length} bytes long, above ${maximum}.`,
    remedy: 'Give a shorter one, such as the hash or address of a longer document.',
  }),
}
