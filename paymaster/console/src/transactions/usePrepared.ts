// A transaction as the service prepares it: tried on the chain, not sent.
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { PreparedTransaction, TransactionRequest } from '../../../src/admin/treasury/schema.ts'
import { request } from '../api/request.ts'

export function usePrepared(wanted: TransactionRequest): UseQueryResult<PreparedTransaction> {
  return useQuery({
    queryKey: ['prepared', wanted],
    queryFn: ({ signal }) =>
      request<PreparedTransaction>('treasury/prepare', { method: 'POST', body: wanted, signal }),
    // The chain goes on: what was tried a while ago says nothing about now.
    staleTime: 0,
    gcTime: 0,
  })
}
