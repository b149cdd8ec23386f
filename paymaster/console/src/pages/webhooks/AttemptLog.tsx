// Each try to deliver a message, newest first, with what came back.
import { Code, Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { DeliveryAttempt } from '../../../../src/admin/webhooks/schema.ts'
import { Moment } from '../../components/Moment.tsx'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { webhookWords } from './words.ts'

export function AttemptLog({ attempts }: { readonly attempts: readonly DeliveryAttempt[] }) {
  const words = useWords(webhookWords).delivery
  const language = useLanguage()
  const newestFirst = [...attempts].sort((one, other) => other.atSeconds - one.atSeconds)
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {words.log}
      </Title>
      {attempts.length === 0 && <Text size="sm">{words.noAttempts}</Text>}
      {newestFirst.map((attempt, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two attempts may be of one second, and none changes
        <Paper key={`${attempt.atSeconds} ${index}`} withBorder p="xs">
          <Stack gap={4}>
            <Group gap="sm">
              <Text size="sm" fw={600}>
                {attempt.status ?? words.noAnswer}
              </Text>
              <Text size="sm" c="dimmed" component="div">
                <Moment atSeconds={attempt.atSeconds} /> ·{' '}
                {words.took(count(attempt.durationMilliseconds, language))}
              </Text>
            </Group>
            {attempt.problem !== null && (
              <Text size="sm">
                {attempt.status === null ? words.unanswered(attempt.problem) : words.refused(attempt.status)}
              </Text>
            )}
            {attempt.answer !== null && attempt.answer !== '' && (
              <Code block className="wraps" aria-label={words.answer} tabIndex={0}>
                {attempt.answer}
              </Code>
            )}
          </Stack>
        </Paper>
      ))}
    </Stack>
  )
}
