// One operation's whole story, over the list that it was opened from.
import { Drawer, Stack } from '@mantine/core'
import type { OperationDetail } from '../../../../../src/admin/operations/schema.ts'
import { useApiQuery } from '../../../api/useApiQuery.ts'
import { Answer } from '../../../components/Answer.tsx'
import { useWords } from '../../../i18n/words.ts'
import { BundlerPart } from './BundlerPart.tsx'
import { ChainPart } from './ChainPart.tsx'
import { DecisionPart } from './DecisionPart.tsx'
import { MoneyPart } from './MoneyPart.tsx'
import { WirePart } from './WirePart.tsx'
import { detailWords } from './words.ts'

export function OperationDrawer({
  id,
  onClose,
}: {
  readonly id: string | undefined
  readonly onClose: () => void
}) {
  const words = useWords(detailWords)
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size="xl"
      title={words.title}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      {id !== undefined && <Story id={id} />}
    </Drawer>
  )
}

function Story({ id }: { readonly id: string }) {
  const query = useApiQuery<OperationDetail>({
    path: `operations/${encodeURIComponent(id)}`,
    live: ['operation'],
  })
  return (
    <Answer query={query}>
      {detail => (
        <Stack>
          <DecisionPart detail={detail} />
          <MoneyPart detail={detail} />
          {detail.operation.outcome === 'granted' && (
            <>
              <ChainPart detail={detail} />
              <BundlerPart bundler={detail.bundler} />
            </>
          )}
          <WirePart detail={detail} />
        </Stack>
      )}
    </Answer>
  )
}
