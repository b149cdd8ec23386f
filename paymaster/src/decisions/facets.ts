// A facet is one combination of everything that the explorer filters by. There are few, however many decisions there
// are: so any filter is answered by going through the facets that match it, each by an index of its own.
import type { Transaction } from 'kysely'
import type { LedgerSchema } from '../ledger/schema.ts'

type Ledger = Transaction<LedgerSchema>

export type Facet = {
  readonly outcome: string
  readonly state: string
  readonly mode: string
  readonly policyId: string
  readonly reason: string
  readonly apiKeyId: string
}

export type Facets = {
  /** Made where it is new. */
  idOf(facet: Facet): Promise<number>
  /** Counts decisions in, or (negative) out; written by `settle`. */
  count(facetId: number, decisions: number): void
  settle(): Promise<void>
}

/** For one transaction only: one that is rolled back takes new facets with it. */
export function facetsOf(ledger: Ledger): Facets {
  const ids = new Map<string, number>()
  const counts = new Map<number, number>()
  return {
    async idOf(facet) {
      const key = JSON.stringify(facet)
      const known = ids.get(key)
      if (known !== undefined) return known
      const id = (await find(ledger, facet)) ?? (await make(ledger, facet))
      ids.set(key, id)
      return id
    },
    count(facetId, decisions) {
      counts.set(facetId, (counts.get(facetId) ?? 0) + decisions)
    },
    async settle() {
      for (const [id, decisions] of counts) {
        if (decisions === 0) continue
        await ledger
          .updateTable('decision_facet')
          .set(facet => ({ decisions: facet('decisions', '+', decisions) }))
          .where('id', '=', id)
          .execute()
      }
      counts.clear()
    },
  }
}

async function find(ledger: Ledger, facet: Facet): Promise<number | undefined> {
  const row = await ledger
    .selectFrom('decision_facet')
    .select('id')
    .where('outcome', '=', facet.outcome)
    .where('state', '=', facet.state)
    .where('mode', '=', facet.mode)
    .where('policy_id', '=', facet.policyId)
    .where('reason', '=', facet.reason)
    .where('api_key_id', '=', facet.apiKeyId)
    .executeTakeFirst()
  return row?.id
}

async function make(ledger: Ledger, facet: Facet): Promise<number> {
  const { outcome, state, mode, policyId, reason, apiKeyId } = facet
  const { id } = await ledger
    .insertInto('decision_facet')
    .values({ outcome, state, mode, policy_id: policyId, reason, api_key_id: apiKeyId, decisions: 0 })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
