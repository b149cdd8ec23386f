// Keeps what the explorer shows of a signature in step with the ledger: called in the transaction that moves an exposure,
// so that a landing, a reorg or an expiry is never shown otherwise than it is booked.
import type { Selectable, Transaction } from 'kysely'
import type { Hash, Hex } from 'viem'
import type { LedgerSchema } from '../ledger/schema.ts'
import { fromBytes, toBytes } from './bytes.ts'
import { type Facet, type Facets, facetsOf } from './facets.ts'

type Ledger = Transaction<LedgerSchema>
type Exposure = Selectable<LedgerSchema['exposure']>

/** SQLite takes a limited number of parameters in one statement. */
const chunkLength = 500

/** Returns the operations whose state is another now. */
export async function showExposures(ledger: Ledger, ids: readonly number[]): Promise<readonly Hash[]> {
  const changed: Hash[] = []
  const facets = facetsOf(ledger)
  for (let start = 0; start < ids.length; start += chunkLength) {
    changed.push(...(await showChunk(ledger, facets, ids.slice(start, start + chunkLength))))
  }
  facets.settle()
  return changed
}

async function showChunk(ledger: Ledger, facets: Facets, ids: readonly number[]): Promise<readonly Hash[]> {
  const exposures = await ledger.selectFrom('exposure').selectAll().where('id', 'in', ids).execute()
  const decisions = await ledger
    .selectFrom('decision')
    .innerJoin('decision_facet', 'decision_facet.id', 'decision.facet_id')
    .select(['decision.id', 'decision.exposure_id', 'decision.user_operation_hash', 'decision.facet_id'])
    .select(['outcome', 'state', 'mode', 'policy_id', 'reason', 'api_key_id'])
    .where('decision.exposure_id', 'in', ids)
    .execute()
  const ofExposure = new Map<number | null, typeof decisions>()
  for (const decision of decisions) {
    ofExposure.set(decision.exposure_id, [...(ofExposure.get(decision.exposure_id) ?? []), decision])
  }
  const moves = new Map<number, number[]>()
  const changed: Hash[] = []
  const landed: number[] = []
  for (const exposure of exposures) {
    const mine = ofExposure.get(exposure.id) ?? []
    let isLandedShown = exposure.landed_user_operation_hash === null
    for (const decision of mine) {
      const hash = decision.user_operation_hash && (fromBytes(decision.user_operation_hash) as Hash)
      if (hash === exposure.landed_user_operation_hash) isLandedShown = true
      const state = stateOf(exposure, hash, decision.state)
      if (state === decision.state || hash === null) continue
      const facet: Facet = {
        ...decision,
        state,
        policyId: decision.policy_id,
        apiKeyId: decision.api_key_id,
      }
      const to = facets.idOf(facetOnly(facet))
      facets.count(decision.facet_id, -1)
      facets.count(to, 1)
      moves.set(to, [...(moves.get(to) ?? []), decision.id])
      if (state === 'included' || state === 'final') landed.push(decision.id)
      changed.push(hash)
    }
    if (!isLandedShown) changed.push(await rebuild(ledger, facets, exposure))
  }
  const isLanded = new Set(landed)
  for (const [facet_id, moved] of moves) {
    await ledger
      .updateTable('decision')
      // All of one facet are of one state.
      .set({ facet_id, is_landed: moved.some(id => isLanded.has(id)) ? 1 : 0 })
      .where('id', 'in', moved)
      .execute()
  }
  return changed
}

function facetOnly({ outcome, state, mode, policyId, reason, apiKeyId }: Facet): Facet {
  return { outcome, state, mode, policyId, reason, apiKeyId }
}

/** What has expired by itself stays so, whatever is signed anew for its nonce, unless it lands after all. */
function stateOf(exposure: Exposure, hash: Hash | null, now: string): string {
  if (exposure.landed_block_hash !== null) {
    if (hash !== null && hash === exposure.landed_user_operation_hash) {
      return exposure.state === 'FINAL' ? 'final' : 'included'
    }
    return now === 'expired' ? now : 'replaced'
  }
  return exposure.state === 'EXPIRED' || now === 'expired' ? 'expired' : 'reserved'
}

/** What cost something is shown, also where what was decided of it is lost, or was decided by another service. */
async function rebuild(ledger: Ledger, facets: Facets, exposure: Exposure): Promise<Hash> {
  const hash = exposure.landed_user_operation_hash as Hash
  const signature = await ledger
    .selectFrom('signature')
    .select(['mode', 'policy_id', 'max_cost_wei', 'valid_until'])
    .where('user_operation_hash', '=', hash)
    .executeTakeFirst()
  const facet_id = facets.idOf({
    outcome: 'granted',
    state: stateOf(exposure, hash, 'reserved'),
    mode: signature?.mode ?? 'unknown',
    policyId: withoutNone(signature?.policy_id ?? ''),
    reason: '',
    apiKeyId: '',
  })
  facets.count(facet_id, 1)
  // When it was signed is not known any more; when it landed is.
  const at = exposure.landed_at ?? exposure.valid_until
  await ledger
    .insertInto('decision')
    .values({
      facet_id,
      at,
      last_at: at,
      times: 1,
      sender: toBytes(exposure.sender as Hex),
      nonce: exposure.nonce,
      user_operation_hash: toBytes(hash),
      exposure_id: exposure.id,
      caller: null,
      policy_version: null,
      max_cost_wei: signature?.max_cost_wei ?? null,
      is_landed: 1,
    })
    .execute()
  return hash
}

/** Token modes carry zeros: nobody sponsors them. */
export function withoutNone(onChainPolicyId: string): string {
  return /^0x0*$/.test(onChainPolicyId) ? '' : onChainPolicyId
}
