// What lies at the EntryPoint, how much of it is spoken for, and what else the house has.
import { Stack, Text } from '@mantine/core'
import type { Overview } from '../../../../src/admin/overview/schema.ts'
import { Meter } from '../../charts/Meter.tsx'
import { Coin } from '../../components/Coin.tsx'
import { Facts } from '../../components/Facts.tsx'
import { Section } from '../../components/Section.tsx'
import { percentOf } from '../../format/wei.ts'
import { useLanguage } from '../../i18n/language.ts'
import { runwayIn } from '../../i18n/refusals.ts'
import { useWords } from '../../i18n/words.ts'
import { overviewWords } from './words.ts'

export function DepositGauge({ overview }: { readonly overview: Overview }) {
  const words = useWords(overviewWords)
  const language = useLanguage()
  const { deposit, revenueWei, tokenRevenue, stakeWei, runway } = overview
  return (
    <Section title={words.deposit}>
      {deposit === null ? (
        <Text size="sm">{words.depositUnknown}</Text>
      ) : (
        <Stack gap="sm">
          <Meter
            label={words.deposit}
            parts={[
              { percent: percentOf(deposit.freeWei, deposit.totalWei), color: 'teal.6', label: words.free },
              { percent: percentOf(deposit.heldWei, deposit.totalWei), color: 'orange.6', label: words.held },
            ]}
            left={
              <>
                <Coin wei={deposit.freeWei} fw={600} /> {words.free}
              </>
            }
            right={
              <>
                <Coin wei={deposit.heldWei} /> {words.held}
              </>
            }
          />
          <Facts
            facts={[
              { name: words.total, value: <Coin wei={deposit.totalWei} /> },
              ...(revenueWei === null ? [] : [{ name: words.revenue, value: <Coin wei={revenueWei} /> }]),
              ...tokenRevenue.flatMap(({ symbol, decimals, units }) =>
                units === null || units === '0'
                  ? []
                  : [
                      {
                        name: words.tokenRevenue(symbol),
                        value: <Coin wei={units} symbol={symbol} decimals={decimals} />,
                      },
                    ],
              ),
              ...(stakeWei === null ? [] : [{ name: words.stake, value: <Coin wei={stakeWei} /> }]),
            ]}
          />
          <Text size="xs" c="dimmed">
            {runwayIn(language, runway) ?? runway.explanation}
          </Text>
        </Stack>
      )}
    </Section>
  )
}
