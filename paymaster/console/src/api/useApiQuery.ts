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

/** A list by pages: `items` of all that were fetched; `first` has what the answer says beside them. */
export function useApiList<Item, Page extends ListPage<Item> = ListPage<Item>>({
  path,
  search = {},
  live = [],
  enabled = true,
}: ApiQuery): {
  readonly query: UseInfiniteQueryResult
  readonly items: readonly Item[]
  readonly first: Page | undefined
} {
  const query = useInfiniteQuery({
    queryKey: [path, 'list', search],
    queryFn: ({ signal, pageParam }) =>
      request<Page>(path, { search: { ...search, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.nextCursor,
    meta: { live },
    enabled,
    placeholderData: keepPreviousData,
  })
  const pages = query.data?.pages ?? []
  return {
    query: query as UseInfiniteQueryResult,
    items: pages.flatMap(({ items }) => items),
    first: pages[0],
  }
}
