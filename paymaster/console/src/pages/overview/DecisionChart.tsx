// Granted and refused in each step.
import { useMemo } from 'react'
import type { Overview } from '../../../../src/admin/overview/schema.ts'
import { SeriesChart } from '../../charts/SeriesChart.tsx'
import { Section } from '../../components/Section.tsx'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { operationWords } from '../../i18n/operationWords.ts'
import { useWords } from '../../i18n/words.ts'
import { overviewWords } from './words.ts'

export function DecisionChart({ overview }: { readonly overview: Overview }) {
  const words = useWords(overviewWords)
  const { outcomes } = useWords(operationWords)
  const language = useLanguage()
  const { grants, refusals, startsAtSeconds } = overview
  const series = useMemo(() => {
    const refused = startsAtSeconds.map((_, index) =>
      refusals.reduce((sum, { requests }) => sum + (requests[index] ?? 0), 0),
    )
    return [
      { name: outcomes.refused, color: '#d9480f', values: refused },
      { name: outcomes.granted, color: '#1c8fa3', values: grants },
    ]
  }, [grants, refusals, startsAtSeconds, outcomes])
  return (
    <Section title={words.decisions}>
      <SeriesChart
        label={words.decisions}
        startsAtSeconds={startsAtSeconds}
        series={series}
        isWhole
        format={value => count(value, language)}
      />
    </Section>
  )
}
