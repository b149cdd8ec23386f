// How an endpoint is: on, off, or failing with the reason.
import { Badge, Stack, Text } from '@mantine/core'
import type { Webhook } from '../../../../src/admin/webhooks/schema.ts'
import { useNowSeconds } from '../../components/useNowSeconds.ts'
import { exactTime } from '../../format/time.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { webhookWords } from './words.ts'

const colors = { on: 'teal', off: 'gray', failing: 'red' } as const

export function WebhookState({ webhook }: { readonly webhook: Webhook }) {
  const words = useWords(webhookWords)
  const language = useLanguage()
  const nowSeconds = useNowSeconds()
  const { isEnabled, lastProblem, previousSecretUntilSeconds: until } = webhook
  const state = !isEnabled ? 'off' : lastProblem === null ? 'on' : 'failing'
  return (
    <Stack gap={2} align="flex-start">
      <Badge variant="light" color={colors[state]} tt="none">
        {words.states[state]}
      </Badge>
      {lastProblem !== null && (
        <Text size="xs" className="wraps">
          {words.lastProblem(lastProblem)}
        </Text>
      )}
      {until !== null && until > nowSeconds && (
        <Text size="xs" c="dimmed">
          {words.oldSecretUntil(exactTime(until, language))}
        </Text>
      )}
    </Stack>
  )
}
