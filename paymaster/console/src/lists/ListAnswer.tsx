// A list in its states: under way, refused, empty, there – and the button that brings more of it.
import { Button, Stack } from '@mantine/core'
import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorState } from '../components/ErrorState.tsx'
import { Loading } from '../components/Loading.tsx'
import { commonWords } from '../i18n/commonWords.ts'
import { useWords } from '../i18n/words.ts'

export function ListAnswer({
  query,
  isEmpty,
  empty,
  children,
}: {
  readonly query: UseInfiniteQueryResult
  readonly isEmpty: boolean
  readonly empty: ReactNode
  readonly children: ReactNode
}) {
  const words = useWords(commonWords)
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    return <Loading />
  }
  if (isEmpty) return empty
  return (
    <Stack gap="sm">
      {children}
      {query.hasNextPage && (
        <Button
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
          style={{ alignSelf: 'center' }}
        >
          {words.more}
        </Button>
      )}
    </Stack>
  )
}
