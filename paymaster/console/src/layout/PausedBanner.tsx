// Nothing is signed: over every page, with the way out beside it.
import { Alert, Group, Text } from '@mantine/core'
import { IconPlayerPause } from '@tabler/icons-react'
import { useBrake, useResume } from '../api/brake.ts'
import { Moment } from '../components/Moment.tsx'
import { RoleButton } from '../components/RoleButton.tsx'
import { useWords } from '../i18n/words.ts'
import { layoutWords } from './words.ts'

export function PausedBanner() {
  const words = useWords(layoutWords)
  const pausedAtSeconds = useBrake().data?.pausedAtSeconds ?? null
  const resume = useResume()
  if (pausedAtSeconds === null) return null
  return (
    <Alert color="red" icon={<IconPlayerPause aria-hidden />} title={words.paused} mb="md" role="status">
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          <Moment atSeconds={pausedAtSeconds} />. {words.pausedText}
        </Text>
        <RoleButton
          least="operator"
          size="xs"
          color="red"
          loading={resume.isPending}
          onClick={() => resume.mutate()}
        >
          {words.resume}
        </RoleButton>
      </Group>
    </Alert>
  )
}
