// Somebody saved the same policy meanwhile: shows how the two differ, and lets the person choose.
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { PolicyDetail } from '../../../../../src/admin/policies/schema.ts'
import { useApiQuery } from '../../../api/useApiQuery.ts'
import { Answer } from '../../../components/Answer.tsx'
import { useWords } from '../../../i18n/words.ts'
import { toText } from '../definition.ts'
import { Difference } from '../history/Difference.tsx'
import { editWords } from './words.ts'

export function ConflictDialog(properties: {
  readonly id: string
  readonly mine: string
  readonly onKeepMine: (version: number) => void
  readonly onTakeTheirs: () => void
  readonly onClose: () => void
}) {
  const { id, mine, onKeepMine, onTakeTheirs, onClose } = properties
  const words = useWords(editWords)
  const theirs = useApiQuery<PolicyDetail>({ path: `policies/${encodeURIComponent(id)}`, live: ['policy'] })
  return (
    <Modal opened onClose={onClose} title={words.conflictTitle} size="lg">
      <Answer query={theirs}>
        {({ definition, newestVersion }) => (
          <Stack>
            <Text size="sm">{words.conflictText(newestVersion)}</Text>
            <Difference label={words.conflictTitle} before={toText(definition)} after={mine} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                {words.conflictLater}
              </Button>
              <Button variant="default" onClick={onTakeTheirs}>
                {words.takeTheirs}
              </Button>
              <Button color="red" onClick={() => onKeepMine(newestVersion)}>
                {words.keepMine}
              </Button>
            </Group>
          </Stack>
        )}
      </Answer>
    </Modal>
  )
}
