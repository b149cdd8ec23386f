// A training as this daemon knows it.
import type { Statement } from '@worldland-aa/sdk/actions/provenance/statement'
import type { ListedFile, ResultListing } from '@worldland-aa/sdk/serving/resultListing'
import type { Selectable } from 'kysely'
import type { Hex } from 'viem'
import type { TrainingTables } from './tables.ts'

/** Ids are of files that were uploaded for the same lease. */
export type TrainingRequest = {
  readonly dataset: string
  readonly code: string
  readonly config?: string | undefined
  readonly command: readonly string[]
  readonly mostSeconds: number
}

/** What really ran: of each the daemon's own finding, none of it a claim of the renter's. */
export type TrainingFacts = {
  readonly datasetRoot: Hex
  readonly codeHash: Hex
  readonly configHash: Hex
  /** Undefined where machines run no images. */
  readonly imageDigest?: Hex | undefined
}

export type TrainingOutput = ListedFile & { readonly fileId: string }

export type TrainingStatement = {
  readonly statement: Statement
  readonly listing: ResultListing
  readonly recordId: Hex
  readonly providerSignature: Hex
  readonly recordedBy: 'provider' | 'payer'
}

export type TrainingRun = {
  readonly id: string
  readonly leaseId: bigint
  readonly state: 'running' | 'ended' | 'failed'
  readonly request: TrainingRequest
  readonly facts?: TrainingFacts | undefined
  readonly problem?: string | undefined
  readonly exitCode?: number | undefined
  readonly output: string
  readonly outputs?: readonly TrainingOutput[] | undefined
  readonly stated?: TrainingStatement | undefined
  readonly isRecorded: boolean
  readonly createdAtSeconds: number
  readonly endedAtSeconds?: number | undefined
}

export function fromRow(row: Selectable<TrainingTables['training_run']>): TrainingRun {
  return {
    id: row.id,
    leaseId: BigInt(row.lease_id),
    state: row.state,
    request: JSON.parse(row.request),
    facts: row.facts === null ? undefined : JSON.parse(row.facts),
    problem: row.problem ?? undefined,
    exitCode: row.exit_code ?? undefined,
    output: row.output,
    outputs: row.outputs === null ? undefined : JSON.parse(row.outputs),
    stated: statedIn(row),
    isRecorded: row.is_recorded === 1,
    createdAtSeconds: row.created_at,
    endedAtSeconds: row.ended_at ?? undefined,
  }
}

function statedIn(row: Selectable<TrainingTables['training_run']>): TrainingStatement | undefined {
  const {
    statement,
    listing,
    record_id: recordId,
    provider_signature: signature,
    recorded_by: recordedBy,
  } = row
  if (
    statement === null ||
    listing === null ||
    recordId === null ||
    signature === null ||
    recordedBy === null
  ) {
    return undefined
  }
  const { agreementId, ...rest } = JSON.parse(statement)
  return {
    statement: { ...rest, agreementId: BigInt(agreementId) },
    listing: JSON.parse(listing),
    recordId: recordId as Hex,
    providerSignature: signature as Hex,
    recordedBy,
  }
}

/** As JSON, and as the SDK reads it: amounts and ids as text. */
export function statementJson(statement: Statement): unknown {
  return { ...statement, agreementId: statement.agreementId.toString() }
}
