// How the explorer finds decisions: never through rows that do not match. A filter is turned into the facets that match
// it, each with an index in the order of time, and the newest of all of them are merged.
import type { Reader, SqlValue } from '@worldland-aa/service/database/reader'
import type { OperationFilter } from '../../admin/operations/schema.ts'
import { onChainPolicyId } from '../../policy/policyId.ts'

export type Place = { readonly id: number; readonly at: number; readonly facet_id: number }

/** Rows of one index under one beginning of it. */
export type Source = { readonly from: string; readonly values: readonly SqlValue[] }

export type Found = {
  readonly sources: readonly Source[]
  /** Beside them, few enough to be at hand. */
  readonly places: readonly Place[]
  readonly notice: string | null
}

export type Times = { readonly from: number; readonly until: number }

/** Accounts or nonces that begin alike, and operations whose hashes do. */
const mostAlike = 50
const mostHashes = 500

/** The whole table by facets, where all of each facet's rows match. */
export function isOnlyFacets(filter: OperationFilter): boolean {
  return [filter.sender, filter.search, filter.fromSeconds, filter.untilSeconds].every(
    one => one === undefined,
  )
}

export function timesOf({ fromSeconds, untilSeconds }: OperationFilter): Times {
  return { from: fromSeconds ?? 0, until: untilSeconds ?? Number.MAX_SAFE_INTEGER }
}

export function matchingFacets(
  reader: Reader,
  filter: OperationFilter,
): readonly { id: number; decisions: number }[] {
  const { outcome, state, mode, reason, apiKeyId, policyId } = filter
  const wanted = { outcome, state, mode, reason, api_key_id: apiKeyId, policy_id: chainIdOf(policyId) }
  const rows = reader.all<Record<string, string> & { id: number; decisions: number }>(
    'select * from decision_facet where decisions > 0',
  )
  return rows.filter(row =>
    Object.entries(wanted).every(([column, value]) => value === undefined || row[column] === value),
  )
}

/** By the operator's name of it, or, where nobody knows that any more, as the contract carries it. */
function chainIdOf(policyId: string | undefined): string | undefined {
  if (policyId === undefined || policyId === '') return policyId
  return /^0x[0-9a-f]{32}$/.test(policyId) ? policyId : onChainPolicyId(policyId)
}

export function findSources(reader: Reader, filter: OperationFilter, facets: readonly number[]): Found {
  const { sender, search } = filter
  if (search?.startsWith('0x')) return findByHex(reader, filter, search, facets)
  if (sender !== undefined) {
    const nonces = search === undefined ? undefined : ([search, after(search)] as const)
    return onlySources(facets.map(facet => ofSender(bytes(sender), facet, nonces)))
  }
  if (search !== undefined) {
    const nonces = distinct<string>(reader, 'nonce', search, after(search))
    return onlySources(
      nonces.kept.flatMap(nonce => facets.map(facet => ofNonce(nonce, facet))),
      nonces.isMore
        ? `More than ${mostAlike} nonces begin with ${search}: the first ${mostAlike} of them are shown.`
        : null,
    )
  }
  return onlySources(facets.map(ofFacet))
}

function onlySources(sources: readonly Source[], notice: string | null = null): Found {
  return { sources, places: [], notice }
}

/** The beginning of a hash, or of an account. */
function findByHex(
  reader: Reader,
  filter: OperationFilter,
  search: string,
  facets: readonly number[],
): Found {
  const { sender } = filter
  const { from, until } = timesOf(filter)
  const among = new Set(facets)
  const [lowest, highest] = range(search, 64)
  const hashes = reader.all<Place & { sender: Uint8Array }>(
    `select id, at, facet_id, sender from decision where user_operation_hash between ? and ? limit ${mostHashes + 1}`,
    lowest,
    highest,
  )
  const isMine = (row: { sender: Uint8Array }): boolean =>
    sender === undefined || bytes(sender).equals(Buffer.from(row.sender))
  const ofHashes = hashes
    .slice(0, mostHashes)
    .filter(row => among.has(row.facet_id) && row.at >= from && row.at <= until && isMine(row))
  const senders =
    search.length > 42
      ? { kept: [], isMore: false }
      : distinct<Uint8Array>(reader, 'sender', ...range(search, 40), true)
  const mine = senders.kept.filter(found => isMine({ sender: found }))
  const notice =
    senders.isMore || hashes.length > mostHashes
      ? `Too many operations or accounts begin with ${search}: some of them are shown. Give more of its digits.`
      : null
  const sources = mine.flatMap(one => facets.map(facet => ofSender(Buffer.from(one), facet)))
  return { sources, places: ofHashes, notice }
}

/** Values of an indexed column in a range, by a jump from each to the next. */
function distinct<Value extends SqlValue>(
  reader: Reader,
  column: 'sender' | 'nonce',
  lowest: Value | Buffer,
  highest: Value | Buffer,
  isInclusive = false,
): { readonly kept: readonly Value[]; readonly isMore: boolean } {
  const kept: Value[] = []
  let beyond: SqlValue = lowest
  for (let operator = '>='; kept.length <= mostAlike; operator = '>') {
    const row = reader.get<{ value: Value }>(
      `select ${column} as value from decision indexed by decision_${column}
        where ${column} ${operator} ? and ${column} ${isInclusive ? '<=' : '<'} ? order by ${column} limit 1`,
      beyond,
      highest,
    )
    if (row === undefined) return { kept, isMore: false }
    kept.push(row.value)
    beyond = row.value
  }
  return { kept: kept.slice(0, mostAlike), isMore: true }
}

function ofFacet(facet: number): Source {
  return { from: 'decision indexed by decision_facet_at where facet_id = ?', values: [facet] }
}

function ofSender(sender: Buffer, facet: number, nonces?: readonly [string, string]): Source {
  const from = 'decision indexed by decision_sender where sender = ? and facet_id = ?'
  if (nonces === undefined) return { from, values: [sender, facet] }
  return { from: `${from} and nonce >= ? and nonce < ?`, values: [sender, facet, ...nonces] }
}

function ofNonce(nonce: string, facet: number): Source {
  return {
    from: 'decision indexed by decision_nonce where nonce = ? and facet_id = ?',
    values: [nonce, facet],
  }
}

export function newestFirst(one: Omit<Place, 'facet_id'>, other: Omit<Place, 'facet_id'>): number {
  return other.at - one.at || other.id - one.id
}

/** Of decimal digits: the colon comes after the nine. */
function after(digits: string): string {
  return `${digits}:`
}

function range(prefix: string, digits: number): readonly [Buffer, Buffer] {
  const given = prefix.slice(2).toLowerCase()
  return [bytes(`0x${given.padEnd(digits, '0')}`), bytes(`0x${given.padEnd(digits, 'f')}`)]
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex.slice(2), 'hex')
}
