// The policies that there are, to choose from; none while they are not known.
import type { ListPage } from '../../api/useApiQuery.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'

export function usePolicyIds(): readonly string[] {
  const { data } = useApiQuery<ListPage<{ readonly id: string }>>({
    path: 'policies',
    search: { limit: 200 },
    live: ['policy'],
  })
  return data?.items.map(({ id }) => id) ?? []
}
