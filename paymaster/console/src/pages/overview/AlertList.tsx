// What needs a hand now.
import { Alert, Stack, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import type { Overview } from '../../../../src/admin/overview/schema.ts'
import { Moment } from '../../components/Moment.tsx'
import { Section } from '../../components/Section.tsx'
import { alertTextIn } from '../../i18n/alertTexts.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { overviewWords } from './words.ts'

const colors: Readonly<Record<string, string>> = { critical: 'red', warning: 'orange', info: 'blue' }

export function AlertList({ overview }: { readonly overview: Overview }) {
  const words = useWords(overviewWords)
  const language = useLanguage()
  return (
    <Section title={words.alerts}>
      {overview.openAlerts.length === 0 ? (
        <Text size="sm" className="all-well">
          <IconCircleCheck size={18} aria-hidden /> {words.noAlerts}
        </Text>
      ) : (
        <Stack gap="xs">
          {overview.openAlerts.map(alert => (
            <Alert
              key={alert.id}
              color={colors[alert.severity] ?? 'orange'}
              p="sm"
              title={alertTextIn(language, alert)?.title ?? alert.title}
            >
              <Text size="sm">
                <Moment atSeconds={alert.openedAtSeconds} />
              </Text>
            </Alert>
          ))}
        </Stack>
      )}
    </Section>
  )
}
