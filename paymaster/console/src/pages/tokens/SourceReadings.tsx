// What each source of a price said last.
import { Badge, Group, Stack, Text } from '@mantine/core'
import type { Token } from '../../../../src/admin/tokens/schema.ts'
import { Moment } from '../../components/Moment.tsx'
import { useLanguage } from '../../i18n/language.ts'
import { priceProblemIn } from '../../i18n/refusals.ts'
import { useWords } from '../../i18n/words.ts'
import { priceText, tokensOfRate } from './figures.ts'
import { tokenWords } from './words.ts'

export function SourceReadings({ token }: { readonly token: Token }) {
  const words = useWords(tokenWords)
  const language = useLanguage()
  const readings = token.price?.sources ?? []
  const kinds: Readonly<Record<string, string>> = words.source
  return (
    <Stack gap={4}>
      {readings.map(({ kind, rate, updatedAtSeconds, problem, says }) => (
        <Group key={kind} gap="xs">
          <Badge variant="default" tt="none" fw={500}>
            {kinds[kind] ?? kind}
          </Badge>
          <Text size="sm" component="div" className="wraps">
            {priceProblemIn(language, says) ??
              problem ??
              (rate === null
                ? words.noPrice
                : words.sourceNow(priceText(tokensOfRate(rate, token.decimals), language)))}
            {updatedAtSeconds !== null && (
              <>
                {' · '}
                <Moment atSeconds={updatedAtSeconds} />
              </>
            )}
          </Text>
        </Group>
      ))}
    </Stack>
  )
}
