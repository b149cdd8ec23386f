// Asks a price source once, and says what it answered.
import { Alert, Group, Text } from '@mantine/core'
import type { TestedSource, TestSource } from '../../../../src/admin/tokens/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { explain } from '../../components/explain.ts'
import { RoleButton } from '../../components/RoleButton.tsx'
import { duration } from '../../format/time.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { priceText } from './figures.ts'
import { PriceAlert } from './PriceAlert.tsx'
import { type SourceValues, sourceOf } from './tokenForm.ts'
import { tokenWords } from './words.ts'

export function SourceTest({ token, values }: { readonly token: string; readonly values: SourceValues }) {
  const words = useWords(tokenWords).form
  const language = useLanguage()
  const test = useApiChange<TestedSource, TestSource>({
    change: body => ({ path: 'tokens/test-source', body }),
    touches: [],
    showsError: true,
  })
  const said = test.data
  const refused = test.isError ? explain(test.error, language) : undefined
  return (
    <Group gap="sm" align="center">
      <RoleButton
        least="operator"
        type="button"
        size="xs"
        variant="default"
        loading={test.isPending}
        onClick={() => test.mutate({ token: token.trim(), source: sourceOf(values) })}
      >
        {words.test}
      </RoleButton>
      <div aria-live="polite" style={{ flex: 1, minWidth: 200 }}>
        {said?.tokensPerNative != null && (
          <Text size="sm">
            {words.tested(priceText(said.tokensPerNative, language))}
            {said.ageSeconds !== null && `, ${words.testedAge(duration(said.ageSeconds, language))}`}
          </Text>
        )}
        {said?.problem != null && <PriceAlert problem={said.problem} color="yellow" />}
        {refused !== undefined && (
          <Alert color="red" title={refused.message}>
            {refused.remedy}
          </Alert>
        )}
      </div>
    </Group>
  )
}
