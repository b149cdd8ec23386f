// Asks the admin API and asks again when something of the named kinds changes.
import {
  keepPreviousData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query'
import type { LiveKind } from '../../../src/admin/liveUpdates.ts'
import { request, type Search } from './request.ts'

export type ApiQuery = {
  /** Below /api/v1/. */
  readonly path: string
  readonly search?: Search
  /** What a live update of makes this answer old. */
  readonly live?: readonly LiveKind[]
  readonly enabled?: boolean
}

export function useApiQuery<Answer>({
  path,
  search = {},
  live = [],
  enabled = true,
}: ApiQuery): UseQueryResult<Answer> {
  return useQuery<Answer>({
    queryKey: [path, search],
    queryFn: ({ signal }) => request<Answer>(path, { search, signal }),
    meta: { live },
    enabled,
    // The rows of the filter before stay until the new ones are there: no flicker.
    placeholderData: keepPreviousData,
  })
}

export type ListPage<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null }

/** A list by pages: `items` of all that were fetched. */
export function useApiList<Item>({ path, search = {}, live = [], enabled = true }: ApiQuery): {
  readonly query: UseInfiniteQueryResult
  readonly items: readonly Item[]
} {
  const query = useInfiniteQuery({
    queryKey: [path, 'list', search],
    queryFn: ({ signal, pageParam }) =>
      request<ListPage<Item>>(path, { search: { ...search, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.nextCursor,
    meta: { live },
    enabled,
    placeholderData: keepPreviousData,
  })
  return {
    query: query as UseInfiniteQueryResult,
    items: query.data?.pages.flatMap(page => page.items) ?? [],
  }
}
