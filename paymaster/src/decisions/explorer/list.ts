// A page of the explorer, and how many match in all: bounded work whatever the filter, over any number of decisions.
import type { Reader } from '@worldland-aa/service/database/reader'
import type { Operation, OperationFilter } from '../../admin/operations/schema.ts'
import { readOperation } from './readOperation.ts'
import {
  type Found,
  findSources,
  isOnlyFacets,
  matchingFacets,
  newestFirst,
  type Place,
  type Source,
  type Times,
  timesOf,
} from './sources.ts'

export type Page = {
  readonly items: readonly Operation[]
  readonly nextCursor: string | null
  readonly notice: string | null
}
export type PageQuestion = {
  readonly filter: OperationFilter
  readonly limit: number
  readonly cursor?: string | undefined
}
export type Count = { readonly count: number; readonly isCountCapped: boolean }

export const mostCounted = 10_000

type Spot = Omit<Place, 'facet_id'>

/** Undefined for a cursor that no page has given. */
export function parseCursor(cursor: string | undefined): Spot | undefined {
  if (cursor === undefined) return { at: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER }
  const [, at, id] = /^(\d{1,12})\.(\d{1,15})$/.exec(cursor) ?? []
  return at === undefined ? undefined : { at: Number(at), id: Number(id) }
}

export function listOperations(reader: Reader, { filter, limit, cursor }: PageQuestion): Page {
  const before = parseCursor(cursor)
  if (before === undefined) return { items: [], nextCursor: null, notice: null }
  const facets = matchingFacets(reader, filter).map(({ id }) => id)
  const found = findSources(reader, filter, facets)
  const places = merge(reader, found, timesOf(filter), before, limit + 1)
  const shown = places.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.flatMap(({ id }) => readOperation(reader, id) ?? []),
    nextCursor: places.length > limit && last !== undefined ? `${last.at}.${last.id}` : null,
    notice: found.notice,
  }
}

export function countOperations(reader: Reader, filter: OperationFilter): Count {
  const facets = matchingFacets(reader, filter)
  let count = 0
  if (isOnlyFacets(filter)) {
    for (const { decisions } of facets) count += decisions
  } else {
    const found = findSources(
      reader,
      filter,
      facets.map(({ id }) => id),
    )
    count = found.places.length + countSources(reader, found.sources, timesOf(filter))
  }
  return { count: Math.min(count, mostCounted), isCountCapped: count > mostCounted }
}

/** The newest of all sources. Each is asked only for what is newer than the last of those that were found before. */
function merge(
  reader: Reader,
  { sources, places }: Found,
  { from, until }: Times,
  before: Spot,
  limit: number,
): readonly Spot[] {
  let newest: Spot[] = places
    .filter(place => newestFirst(before, place) < 0)
    .sort(newestFirst)
    .slice(0, limit)
  let least = from
  for (const source of sources) {
    const more = reader.all<Spot>(
      `select id, at from ${source.from} and at >= ? and at <= ? and (at < ? or id < ?)
        order by at desc, id desc limit ?`,
      ...source.values,
      least,
      Math.min(until, before.at),
      before.at,
      before.id,
      limit,
    )
    if (more.length === 0) continue
    newest = withoutRepeats([...newest, ...more])
      .sort(newestFirst)
      .slice(0, limit)
    if (newest.length === limit) least = Math.max(from, (newest.at(-1) as Spot).at)
  }
  return newest
}

/** An operation may be found by its hash and by its sender. */
function withoutRepeats(spots: readonly Spot[]): Spot[] {
  return [...new Map(spots.map(spot => [spot.id, spot])).values()]
}

function countSources(reader: Reader, sources: readonly Source[], { from, until }: Times): number {
  let count = 0
  for (const source of sources) {
    const counted = reader.get<{ matching: number }>(
      `select count(*) as matching from (select 1 from ${source.from} and at >= ? and at <= ? limit ?)`,
      ...source.values,
      from,
      until,
      mostCounted + 1 - count,
    )
    count += counted?.matching ?? 0
    if (count > mostCounted) break
  }
  return count
}
