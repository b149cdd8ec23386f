// Whether the paymaster signs, and the button that stops or starts it.
import { Badge, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useBrake, usePause, useResume } from '../../api/brake.ts'
import { Answer } from '../../components/Answer.tsx'
import { RoleButton } from '../../components/RoleButton.tsx'
import { Section } from '../../components/Section.tsx'
import { ConfirmDialog } from '../../dialogs/ConfirmDialog.tsx'
import { exactTime } from '../../format/time.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { settingsWords } from './words.ts'

export function Steering() {
  const words = useWords(settingsWords).steering
  const language = useLanguage()
  const query = useBrake()
  const pause = usePause()
  const resume = useResume()
  const [isAsking, setIsAsking] = useState(false)
  const say = (message: string) => notifications.show({ message, color: 'teal' })
  return (
    <Section title={words.title}>
      <Answer query={query}>
        {({ pausedAtSeconds }) => (
          <Group justify="space-between" gap="md" align="flex-start">
            <Stack gap={4} maw={560}>
              <Badge size="lg" variant="light" tt="none" color={pausedAtSeconds === null ? 'teal' : 'red'}>
                {pausedAtSeconds === null
                  ? words.running
                  : words.paused(exactTime(pausedAtSeconds, language))}
              </Badge>
              <Text size="sm">{pausedAtSeconds === null ? words.runningText : words.pausedText}</Text>
            </Stack>
            {pausedAtSeconds === null ? (
              <RoleButton least="operator" color="red" variant="light" onClick={() => setIsAsking(true)}>
                {words.pause}
              </RoleButton>
            ) : (
              <RoleButton
                least="operator"
                loading={resume.isPending}
                onClick={() => resume.mutate(undefined, { onSuccess: () => say(words.resumeDone) })}
              >
                {words.resume}
              </RoleButton>
            )}
          </Group>
        )}
      </Answer>
      {isAsking && (
        <ConfirmDialog
          title={words.pauseTitle}
          confirm={words.pause}
          isRunning={pause.isPending}
          onClose={() => setIsAsking(false)}
          onConfirm={() =>
            pause.mutate(undefined, {
              onSuccess: () => {
                setIsAsking(false)
                say(words.pauseDone)
              },
            })
          }
        >
          {words.pauseWhat}
        </ConfirmDialog>
      )}
    </Section>
  )
}
