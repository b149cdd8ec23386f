// Binds the actions of training records: what was trained on what.
import type { Client } from 'viem'
import { contestTraining } from '../actions/provenance/contestTraining.ts'
import { countersignTraining } from '../actions/provenance/countersignTraining.ts'
import { getTrainingRecord } from '../actions/provenance/getTrainingRecord.ts'
import { recordTraining } from '../actions/provenance/recordTraining.ts'
import { verifyArtifact } from '../actions/provenance/verifyArtifact.ts'
import { verifyDatum } from '../actions/provenance/verifyDatum.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { type BoundActions, bindActions } from './bindActions.ts'
import type { SmartAccountClient } from './chainClientOf.ts'

const reads = { getTrainingRecord, verifyDatum, verifyArtifact }
const writes = { recordTraining, countersignTraining, contestTraining }

/** What any client can do. */
export type ProvenanceReadActions = BoundActions<typeof reads>
/** What a smart account's client can do. */
export type ProvenanceActions = ProvenanceReadActions & BoundActions<typeof writes>

export function provenanceReadActions({ contracts }: WithContracts) {
  return (client: Client | SmartAccountClient): ProvenanceReadActions =>
    bindActions(client as Client, contracts, reads)
}

/**
 * Decorator for a smart account's client.
 *
 * @example
 * import { provenanceActions } from '@worldland-aa/sdk/clients/provenanceActions'
 *
 * const client = smartAccountClient.extend(provenanceActions({ contracts }))
 * const hash = await client.recordTraining({ statement })
 */
export function provenanceActions({ contracts }: WithContracts) {
  return (client: SmartAccountClient): ProvenanceActions => ({
    ...provenanceReadActions({ contracts })(client),
    ...bindActions(client, contracts, writes),
  })
}
