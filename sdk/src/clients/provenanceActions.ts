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

const reads = {
  /** Returns a training record: the statement, and who signed or contested it. */
  getTrainingRecord,
  /** Returns whether a datum belongs to a record's dataset. Only its hash goes to the node. */
  verifyDatum,
  /** Returns whether an artifact belongs to the result of a recorded training. Only its hash goes to the node. */
  verifyArtifact,
}
const writes = {
  /**
   * Records a statement that at least one party of its lease or session stands behind: the sender, if it is one,
   * and whoever's signature is given (`signStatement`). A record never changes; what is wrong is contested.
   */
  recordTraining,
  /**
   * Countersigns a record. A party that sends this itself needs no signature; anybody else hands in the party's.
   */
  countersignTraining,
  /** Contests a record. Anybody may; a party that has not signed thereby refuses its signature for good. */
  contestTraining,
}

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
