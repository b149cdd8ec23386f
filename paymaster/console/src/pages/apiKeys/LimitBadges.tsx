// What bounds a key, at a glance; the whole list on hover.
import { Badge, Group, Text, Tooltip } from '@mantine/core'
import type { ApiKeyLimits } from '../../../../src/admin/apiKeys/schema.ts'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { apiKeyWords } from './words.ts'

export function LimitBadges({ limits }: { readonly limits: ApiKeyLimits }) {
  const { limitOf, unlimited } = useWords(apiKeyWords)
  const language = useLanguage()
  const badges: { readonly text: string; readonly whole?: string }[] = []
  for (const kind of ['origins', 'networks', 'methods', 'policyIds'] as const) {
    const values = limits[kind]
    if (values !== null) badges.push({ text: limitOf[kind](values.length), whole: values.join(', ') })
  }
  for (const kind of ['callsPerSecond', 'callsPerDay'] as const) {
    const most = limits[kind]
    if (most !== null) badges.push({ text: limitOf[kind](count(most, language)) })
  }
  if (badges.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {unlimited}
      </Text>
    )
  }
  return (
    <Group gap={4}>
      {badges.map(({ text, whole }) => (
        <Tooltip key={text} label={whole} disabled={whole === undefined} multiline maw={360}>
          <Badge variant="default" tt="none" fw={500} title={whole}>
            {text}
          </Badge>
        </Tooltip>
      ))}
    </Group>
  )
}
