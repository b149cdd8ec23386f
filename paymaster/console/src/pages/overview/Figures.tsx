// The four figures that are looked at first.
import { Paper, SimpleGrid, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Overview } from '../../../../src/admin/overview/schema.ts'
import { Coin } from '../../components/Coin.tsx'
import { count, percent } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { TokenCharges } from './TokenCharges.tsx'
import { overviewWords } from './words.ts'

export function Figures({ overview }: { readonly overview: Overview }) {
  const words = useWords(overviewWords)
  const language = useLanguage()
  const { totals, runway } = overview
  const decided = totals.granted + totals.refused
  const share = percent(decided === 0 ? 0 : (100 * totals.refused) / decided, language)
  return (
    <SimpleGrid cols={{ base: 2, lg: 4 }} spacing={{ base: 'sm', sm: 'md' }}>
      <Figure
        title={words.runway}
        isAlarming={runway.days !== null && runway.days < 3}
        value={runway.days === null ? words.runwayForever : words.runwayDays(days(runway.days, language))}
      >
        {runway.days === null ? words.runwayForeverText : <Burn wei={runway.burnedInLastDayWei} />}
      </Figure>
      <Figure title={words.spent} value={<Coin wei={totals.costWei} />}>
        {words.spentOf(count(totals.operations, language))}
      </Figure>
      <Figure title={words.decided} value={count(totals.granted, language)}>
        {words.decidedOf(count(totals.refused, language), share)}
      </Figure>
      <Figure title={words.charged} value={<Coin wei={totals.chargeWei} />}>
        <Coin wei={totals.markupWei} /> {words.chargedOf}
        <TokenCharges charges={overview.tokenCharges} />
        {totals.lossWei !== '0' && (
          <Text className="alarm" inherit>
            <Coin wei={totals.lossWei} /> {words.lostOf}
          </Text>
        )}
      </Figure>
    </SimpleGrid>
  )
}

function Figure(properties: {
  readonly title: string
  readonly value: ReactNode
  readonly isAlarming?: boolean
  readonly children: ReactNode
}) {
  const { title, value, isAlarming = false, children } = properties
  return (
    <Paper withBorder p={{ base: 'sm', sm: 'md' }} className="glance">
      <Text size="sm" c="dimmed">
        {title}
      </Text>
      <Text fw={650} lh={1.3} component="div" className={isAlarming ? 'at-a-glance alarm' : 'at-a-glance'}>
        {value}
      </Text>
      <Text size="sm" c="dimmed" component="div">
        {children}
      </Text>
    </Paper>
  )
}

function Burn({ wei }: { readonly wei: string }) {
  const words = useWords(overviewWords)
  const [before, after] = words.burn('\u0000').split('\u0000')
  return (
    <>
      {before}
      <Coin wei={wei} />
      {after}
    </>
  )
}

/** Whole days where they are many: nobody plans by a tenth of a day in a month. */
function days(value: number, language: 'en' | 'ko'): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)
}
