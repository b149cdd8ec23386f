// Why the paymaster said no, most frequent first; each leads to the operations.
import { Text } from '@mantine/core'
import type { Overview } from '../../../../src/admin/overview/schema.ts'
import { Bars } from '../../charts/Bars.tsx'
import { PageLink } from '../../components/PageLink.tsx'
import { Section } from '../../components/Section.tsx'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { nameOf, operationWords } from '../../i18n/operationWords.ts'
import { useWords } from '../../i18n/words.ts'
import { overviewWords } from './words.ts'

export function RefusalBars({ overview }: { readonly overview: Overview }) {
  const words = useWords(overviewWords)
  const { reasons } = useWords(operationWords)
  const language = useLanguage()
  const refusals = overview.refusals
    .filter(({ total }) => total > 0)
    .sort((one, other) => other.total - one.total)
  return (
    <Section title={words.refusals}>
      {refusals.length === 0 ? (
        <Text size="sm">{words.noRefusals}</Text>
      ) : (
        <Bars
          label={words.refusals}
          bars={refusals.map(({ reason, total }) => ({
            key: reason,
            name: (
              <PageLink to="/operations" search={{ outcome: 'refused', reason }} inherit>
                {nameOf(reasons, reason)}
              </PageLink>
            ),
            value: total,
            figure: count(total, language),
            color: '#d9480f',
          }))}
        />
      )}
    </Section>
  )
}
