// The alerts that are open, or those that were.
import { Stack } from '@mantine/core'
import type { Alert } from '../../../../src/admin/alerts/schema.ts'
import { useApiList } from '../../api/useApiQuery.ts'
import { Empty } from '../../components/Empty.tsx'
import { useWords } from '../../i18n/words.ts'
import { ListAnswer } from '../../lists/ListAnswer.tsx'
import { AlertCard } from './AlertCard.tsx'
import { alertWords } from './words.ts'

export function AlertList({ state }: { readonly state: 'open' | 'closed' }) {
  const words = useWords(alertWords)
  const { query, items } = useApiList<Alert>({ path: 'alerts', search: { state }, live: ['alert'] })
  const [title, next] =
    state === 'open' ? [words.noneOpen, words.noneOpenNext] : [words.nonePast, words.nonePastNext]
  return (
    <ListAnswer
      query={query}
      isEmpty={items.length === 0}
      empty={
        <Empty title={title} isGood={state === 'open'}>
          {next}
        </Empty>
      }
    >
      <Stack gap="sm">
        {items.map(alert => (
          <AlertCard key={alert.id} alert={alert} />
        ))}
      </Stack>
    </ListAnswer>
  )
}
