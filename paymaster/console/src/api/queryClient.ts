// When answers are asked for anew: on a live update, when the service is back, when the window is looked at again.
import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './apiError.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // A refusal does not change by asking again; a service that is gone is waited for by the live connection.
      retry: false,
      networkMode: 'always',
      throwOnError: false,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
})

/** Who is no longer signed in is asked to. */
queryClient.getQueryCache().subscribe(event => {
  if (event.type !== 'updated' || event.action.type !== 'error') return
  const { error } = event.action
  if (!(error instanceof ApiError) || error.status !== 401) return
  if (event.query.queryKey[0] !== 'session') void queryClient.invalidateQueries({ queryKey: ['session'] })
})
