// What other tokens brought, each by itself: they are not added up, nor to the compute token.
import { Text } from '@mantine/core'
import type { Overview } from '../../../../src/admin/overview/schema.ts'
import { Coin } from '../../components/Coin.tsx'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { overviewWords } from './words.ts'

export function TokenCharges({ charges }: { readonly charges: Overview['tokenCharges'] }) {
  const words = useWords(overviewWords)
  const language = useLanguage()
  return charges.map(({ token, symbol, decimals, units, costWei, operations }) => (
    <Text key={token} inherit title={token}>
      + <Coin wei={units} symbol={symbol} decimals={decimals} /> ({words.gas}: <Coin wei={costWei} /> ·{' '}
      {words.operations(count(operations, language))})
    </Text>
  ))
}
