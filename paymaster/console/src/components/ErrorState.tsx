// What went wrong and what to do, where the content would be.
import { Alert, Button, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { commonWords } from '../i18n/commonWords.ts'
import { useLanguage } from '../i18n/language.ts'
import { useWords } from '../i18n/words.ts'
import { explain } from './explain.ts'

export function ErrorState({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const words = useWords(commonWords)
  const { message, remedy } = explain(error, useLanguage())
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={words.failed} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{message}</Text>
        {remedy !== '' && <Text size="sm">{remedy}</Text>}
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {words.retry}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}
