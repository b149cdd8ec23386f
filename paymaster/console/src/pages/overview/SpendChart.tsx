// Gas spent in each step, by who paid for it: the costliest policies by name, the rest together.
import { useMemo } from 'react'
import type { Overview } from '../../../../src/admin/overview/schema.ts'
import { colorAt } from '../../charts/colors.ts'
import { SeriesChart } from '../../charts/SeriesChart.tsx'
import { Empty } from '../../components/Empty.tsx'
import { Section } from '../../components/Section.tsx'
import { unitsAsNumber } from '../../format/wei.ts'
import { useLanguage } from '../../i18n/language.ts'
import { nameOf, operationWords } from '../../i18n/operationWords.ts'
import { useWords } from '../../i18n/words.ts'
import { overviewWords } from './words.ts'

const mostSeries = 5

export function SpendChart({ overview }: { readonly overview: Overview }) {
  const words = useWords(overviewWords)
  const { modes } = useWords(operationWords)
  const language = useLanguage()
  const { spend, startsAtSeconds } = overview
  const series = useMemo(() => {
    const named = spend
      .map(({ mode, policyId, costsWei }) => ({
        name: policyId === null ? nameOf(modes, mode) : policyId,
        values: costsWei.map(wei => unitsAsNumber(wei)),
      }))
      .map(one => ({ ...one, sum: one.values.reduce((sum, value) => sum + value, 0) }))
      .filter(({ sum }) => sum > 0)
      .sort((one, other) => other.sum - one.sum)
    const shown = named.slice(0, named.length > mostSeries + 1 ? mostSeries : mostSeries + 1)
    const rest = named.slice(shown.length)
    const others = startsAtSeconds.map((_, index) =>
      rest.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
    )
    const all = rest.length === 0 ? shown : [...shown, { name: words.others, values: others }]
    return all.map(({ name, values }, index) => ({ name, values, color: colorAt(index) }))
  }, [spend, startsAtSeconds, modes, words.others])
  const format = (value: number): string =>
    new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(value)
  return (
    <Section title={words.spend}>
      {series.length === 0 ? (
        <Empty title={words.noSpend}>{words.noSpendText}</Empty>
      ) : (
        <SeriesChart label={words.spend} startsAtSeconds={startsAtSeconds} series={series} format={format} />
      )}
    </Section>
  )
}
