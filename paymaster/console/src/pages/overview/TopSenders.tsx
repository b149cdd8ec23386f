// Whose operations cost most.
import { Text } from '@mantine/core'
import type { Overview } from '../../../../src/admin/overview/schema.ts'
import { Bars } from '../../charts/Bars.tsx'
import { Coin } from '../../components/Coin.tsx'
import { PageLink } from '../../components/PageLink.tsx'
import { Section } from '../../components/Section.tsx'
import { shortHex } from '../../format/hex.ts'
import { count } from '../../format/number.ts'
import { unitsAsNumber } from '../../format/wei.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { overviewWords } from './words.ts'

export function TopSenders({ overview }: { readonly overview: Overview }) {
  const words = useWords(overviewWords)
  const language = useLanguage()
  const { topSenders, topSendersOfOperations } = overview
  return (
    <Section title={words.topSenders}>
      {topSenders.length === 0 ? (
        <Text size="sm">{words.noSenders}</Text>
      ) : (
        <>
          <Bars
            label={words.topSenders}
            bars={topSenders.map(({ sender, costWei, operations }) => ({
              key: sender,
              name: (
                <PageLink to="/operations" search={{ sender }} inherit title={sender} className="hex">
                  {shortHex(sender)}
                </PageLink>
              ),
              value: unitsAsNumber(costWei),
              figure: (
                <>
                  <Coin wei={costWei} /> · {words.operations(count(operations, language))}
                </>
              ),
            }))}
          />
          <Text size="xs" c="dimmed">
            {words.topOf(count(topSendersOfOperations, language))}
          </Text>
        </>
      )}
    </Section>
  )
}
