// A token's figures.
import type { Token } from '../../../../src/admin/tokens/schema.ts'
import { Coin } from '../../components/Coin.tsx'
import { type Fact, Facts } from '../../components/Facts.tsx'
import { Moment } from '../../components/Moment.tsx'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { basisPointsText } from './figures.ts'
import { tokenWords } from './words.ts'

export function TokenFacts({ token }: { readonly token: Token }) {
  const words = useWords(tokenWords)
  const language = useLanguage()
  const { price, spread, symbol, decimals, revenue, refundsKept, charged, operations } = token
  const amount = (units: string) => <Coin wei={units} symbol={symbol} decimals={decimals} />
  const share = (basisPoints: number) => basisPointsText(basisPoints, language)
  const facts: Fact[] = [
    { name: words.spread, value: words.spreadOf(share(spread.totalBps), share(spread.markupBps)) },
  ]
  if (price !== null) facts.unshift({ name: words.age, value: <Moment atSeconds={price.updatedAtSeconds} /> })
  const { sourceDeviationBps = null, spotDeviationBps = null } = price ?? {}
  if (sourceDeviationBps !== null) facts.push({ name: words.deviation, value: share(sourceDeviationBps) })
  if (spotDeviationBps !== null) facts.push({ name: words.spotDeviation, value: share(spotDeviationBps) })
  facts.push({ name: words.charged, value: amount(charged) })
  facts.push({ name: words.operations, value: count(operations, language) })
  if (revenue !== null) facts.push({ name: words.revenue, value: amount(revenue) })
  if (refundsKept !== null && refundsKept !== '0') {
    facts.push({
      name: words.refundsKept,
      value: <span title={words.refundsKeptHint}>{amount(refundsKept)}</span>,
    })
  }
  return <Facts facts={facts} />
}
