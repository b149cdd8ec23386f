// Came by a link and has nothing to come back with: says so until there is something.
import { Alert, Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconKey } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { useSession } from '../api/session.ts'
import { useWords } from '../i18n/words.ts'
import { waysInWords } from '../waysIn/words.ts'

const AddWayIn = lazy(async () => ({ default: (await import('../waysIn/AddWayIn.tsx')).AddWayIn }))

export function NoWayInBanner() {
  const words = useWords(waysInWords)
  const [isOpen, { open, close }] = useDisclosure()
  const session = useSession().data
  const hasWayIn = session?.hasWayIn ?? true
  return (
    <>
      {!hasWayIn && (
        <Alert color="yellow" icon={<IconKey aria-hidden />} title={words.noWayIn} mb="md">
          <Group justify="space-between" gap="xs">
            <Text size="sm">{words.noWayInText}</Text>
            <Button size="xs" onClick={open}>
              {words.add}
            </Button>
          </Group>
        </Alert>
      )}
      {isOpen && (
        <Suspense>
          <AddWayIn isOpen={isOpen} onClose={close} />
        </Suspense>
      )}
    </>
  )
}
