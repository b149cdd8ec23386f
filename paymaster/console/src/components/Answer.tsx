// An answer of the service in its three states: under way, refused, there. What was there stays while it is asked anew.
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorState } from './ErrorState.tsx'
import { Loading } from './Loading.tsx'

export function Answer<Data>({
  query,
  loading = <Loading />,
  children,
}: {
  readonly query: UseQueryResult<Data>
  readonly loading?: ReactNode
  readonly children: (data: Data) => ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  return loading
}
