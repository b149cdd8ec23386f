// A facet is one combination of everything that the explorer filters by. There are few, however many decisions there
// are: so any filter is answered by going through the facets that match it, each by an index of its own.
import { statementsOf } from '@worldland-aa/service/database/statements'
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
  idOf(facet: Facet): number
  /** Counts decisions in, or (negative) out; written by `settle`. */
  count(facetId: number, decisions: number): void
  settle(): void
}

/** For one transaction only: one that is rolled back takes new facets with it. */
export function facetsOf(ledger: Ledger): Facets {
  const ids = new Map<string, number>()
  const counts = new Map<number, number>()
  return {
    idOf(facet) {
      const { outcome, state, mode, policyId, reason, apiKeyId } = facet
      const values = [outcome, state, mode, policyId, reason, apiKeyId]
      const key = JSON.stringify(values)
      const id = ids.get(key) ?? find(ledger, values) ?? make(ledger, values)
      ids.set(key, id)
      return id
    },
    count(facetId, decisions) {
      counts.set(facetId, (counts.get(facetId) ?? 0) + decisions)
    },
    settle() {
      for (const [id, decisions] of counts) {
        if (decisions === 0) continue
        statementsOf(ledger).run('update decision_facet set decisions = decisions + ? where id = ?', [
          decisions,
          id,
        ])
      }
      counts.clear()
    },
  }
}

function find(ledger: Ledger, values: readonly string[]): number | undefined {
  const [row] = statementsOf(ledger).all<{ id: number }>(
    `select id from decision_facet
      where outcome = ? and state = ? and mode = ? and policy_id = ? and reason = ? and api_key_id = ?`,
    values,
  )
  return row?.id
}

function make(ledger: Ledger, values: readonly string[]): number {
  const [row] = statementsOf(ledger).all<{ id: number }>(
    `insert into decision_facet (outcome, state, mode, policy_id, reason, api_key_id, decisions)
      values (?, ?, ?, ?, ?, ?, 0) returning id`,
    values,
  )
  if (row === undefined) throw new Error('SQLite returned no id of a facet')
  return row.id
}
