// The price of the last day.
import { Text } from '@mantine/core'
import type { PriceSeries, Token } from '../../../../src/admin/tokens/schema.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { priceText } from './figures.ts'
import { Sparkline } from './Sparkline.tsx'
import { tokenWords } from './words.ts'

export function PriceHistory({ token }: { readonly token: Token }) {
  const words = useWords(tokenWords)
  const language = useLanguage()
  const { data } = useApiQuery<PriceSeries>({ path: `tokens/${token.address}/prices`, live: ['price'] })
  const values = data?.points.map(({ tokensPerNative }) => tokensPerNative) ?? []
  const last = values.at(-1)
  if (last === undefined || values.length < 2) {
    return (
      <Text size="xs" c="dimmed">
        {words.noHistory}
      </Text>
    )
  }
  const [low, high] = [Math.min(...values), Math.max(...values)].map(value => priceText(value, language))
  return (
    <Sparkline
      values={values}
      label={words.sparkline(token.symbol, low ?? '', high ?? '', priceText(last, language))}
    />
  )
}
