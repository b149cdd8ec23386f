// One alert: what is so, what to do, since when, and who looks after it.
import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconAlertOctagon, IconAlertTriangle } from '@tabler/icons-react'
import type { Alert } from '../../../../src/admin/alerts/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { Moment } from '../../components/Moment.tsx'
import { RoleButton } from '../../components/RoleButton.tsx'
import { useNowSeconds } from '../../components/useNowSeconds.ts'
import { duration, relativeTime } from '../../format/time.ts'
import { alertTextIn } from '../../i18n/alertTexts.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { alertWords } from './words.ts'

const looks = {
  critical: { color: 'red', icon: IconAlertOctagon },
  warning: { color: 'yellow', icon: IconAlertTriangle },
} as const

export function AlertCard({ alert }: { readonly alert: Alert }) {
  const words = useWords(alertWords)
  const language = useLanguage()
  const nowSeconds = useNowSeconds()
  const acknowledge = useApiChange({
    change: () => ({ path: `alerts/${alert.id}/acknowledge` }),
    touches: ['alerts'],
    done: words.acknowledged,
  })
  const { color, icon: Icon } = looks[alert.severity]
  const { openedAtSeconds, closedAtSeconds, acknowledgedAtSeconds, acknowledgedBy } = alert
  const told = alertTextIn(language, alert)
  const title = told?.title ?? alert.title
  return (
    <Paper withBorder p="md" component="article" aria-label={title}>
      <Group align="flex-start" gap="sm" wrap="nowrap">
        <Icon size={22} aria-hidden color={`var(--mantine-color-${color}-6)`} style={{ flex: 'none' }} />
        <Stack gap="xs" miw={0} flex={1}>
          <Group gap="xs" justify="space-between">
            <Title order={3} size="h5" className="wraps">
              {title}
            </Title>
            <Badge color={color} variant="light" tt="none">
              {words.severities[alert.severity]}
            </Badge>
          </Group>
          {told !== undefined && (
            <Text size="sm" className="wraps">
              {told.text}
            </Text>
          )}
          <Text
            size="sm"
            className="wraps keeps-lines"
            {...(told !== undefined && { c: 'dimmed', lang: 'en' })}
          >
            {alert.text}
          </Text>
          <Group gap="sm" justify="space-between">
            <Text size="sm" c="dimmed" component="div">
              {words.kinds[alert.kind]} · <Moment atSeconds={openedAtSeconds} />
              {closedAtSeconds !== null &&
                ` · ${words.lasted(duration(closedAtSeconds - openedAtSeconds, language))}`}
            </Text>
            {acknowledgedAtSeconds !== null && acknowledgedBy !== null ? (
              <Text size="sm" c="dimmed">
                {words.acknowledgedBy(
                  acknowledgedBy,
                  relativeTime(acknowledgedAtSeconds, nowSeconds, language),
                )}
              </Text>
            ) : (
              closedAtSeconds === null && (
                <RoleButton
                  least="operator"
                  size="xs"
                  variant="default"
                  aria-label={words.acknowledgeOf(title)}
                  loading={acknowledge.isPending}
                  onClick={() => acknowledge.mutate()}
                >
                  {words.acknowledge}
                </RoleButton>
              )
            )}
          </Group>
        </Stack>
      </Group>
    </Paper>
  )
}
