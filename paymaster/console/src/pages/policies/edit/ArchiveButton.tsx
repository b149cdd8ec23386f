// Takes a policy out of force, after a question.
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArchive } from '@tabler/icons-react'
import type { ArchivePolicy, PolicyDetail } from '../../../../../src/admin/policies/schema.ts'
import { useApiChange } from '../../../api/useApiChange.ts'
import { RoleButton } from '../../../components/RoleButton.tsx'
import { commonWords } from '../../../i18n/commonWords.ts'
import { useWords } from '../../../i18n/words.ts'
import { policiesWords } from '../words.ts'

export function ArchiveButton({ policy }: { readonly policy: PolicyDetail }) {
  const words = useWords(policiesWords)
  const common = useWords(commonWords)
  const [isAsking, { open, close }] = useDisclosure()
  const archive = useApiChange({
    change: () => ({
      path: `policies/${policy.id}/archive`,
      body: { expectedVersion: policy.newestVersion } satisfies ArchivePolicy,
    }),
    touches: ['policies', 'overview'],
    done: words.archiveDone,
    onDone: close,
  })
  return (
    <>
      <RoleButton
        least="operator"
        variant="default"
        leftSection={<IconArchive size={16} aria-hidden />}
        onClick={open}
      >
        {words.archive}
      </RoleButton>
      <Modal opened={isAsking} onClose={close} title={words.archiveTitle(policy.id)}>
        <Stack>
          <Text size="sm">{words.archiveText}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {common.cancel}
            </Button>
            <Button color="red" loading={archive.isPending} onClick={() => archive.mutate()}>
              {words.archive}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
