// The paymaster's money: what there is, what moves it, what was moved, and whether the books are right.
import { Alert, Stack, Text } from '@mantine/core'
import type { TreasuryView } from '../../../../src/admin/treasury/schema.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { Answer } from '../../components/Answer.tsx'
import { Hex } from '../../components/Hex.tsx'
import { Page } from '../../components/Page.tsx'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { Funds } from './Funds.tsx'
import { History } from './History.tsx'
import { MoveMoney } from './MoveMoney.tsx'
import { Reconciliation } from './Reconciliation.tsx'
import { treasuryWords } from './words.ts'

export function TreasuryPage() {
  const words = useWords(treasuryWords)
  const language = useLanguage()
  const query = useApiQuery<TreasuryView>({ path: 'treasury', live: ['treasury', 'block'] })
  return (
    <Page title={words.title} description={words.intro}>
      <Answer query={query}>
        {treasury => (
          <Stack gap="lg">
            {treasury.underWay !== null && (
              <Alert color="blue" role="status">
                {words.underWay(treasury.underWay)}
              </Alert>
            )}
            <Funds treasury={treasury} />
            <Text size="sm" c="dimmed" component="div">
              {words.owner} <Hex value={treasury.owner} /> ·{' '}
              {words.readAt(count(treasury.readAtBlock, language))}
            </Text>
            <MoveMoney treasury={treasury} />
          </Stack>
        )}
      </Answer>
      <History />
      <Reconciliation />
    </Page>
  )
}
