// The house at a glance: what it spends, how long that lasts, what it refuses, and what needs a hand.
import { SegmentedControl, SimpleGrid, Stack } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import type { Overview, OverviewRange } from '../../../../src/admin/overview/schema.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { Answer } from '../../components/Answer.tsx'
import { Page } from '../../components/Page.tsx'
import { useWords } from '../../i18n/words.ts'
import { AlertList } from './AlertList.tsx'
import { DecisionChart } from './DecisionChart.tsx'
import { DepositGauge } from './DepositGauge.tsx'
import { Figures } from './Figures.tsx'
import { RefusalBars } from './RefusalBars.tsx'
import { SpendChart } from './SpendChart.tsx'
import { TopSenders } from './TopSenders.tsx'
import { overviewWords } from './words.ts'

const route = getRouteApi('/')

export function OverviewPage() {
  const words = useWords(overviewWords)
  const { range = '24h' } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useApiQuery<Overview>({
    path: 'overview',
    search: { range },
    live: ['operation', 'alert', 'brake', 'treasury', 'block'],
  })
  const ranges = Object.entries(words.ranges).map(([value, label]) => ({ value, label }))
  return (
    <Page
      title={words.title}
      actions={
        <SegmentedControl
          aria-label={words.range}
          value={range}
          data={ranges}
          onChange={value => void navigate({ search: { range: value as OverviewRange }, replace: true })}
        />
      }
    >
      <Answer query={query}>
        {overview => (
          <Stack>
            {overview.openAlerts.length > 0 && <AlertList overview={overview} />}
            <Figures overview={overview} />
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <SpendChart overview={overview} />
              <DecisionChart overview={overview} />
              <DepositGauge overview={overview} />
              <RefusalBars overview={overview} />
              <TopSenders overview={overview} />
              {overview.openAlerts.length === 0 && <AlertList overview={overview} />}
            </SimpleGrid>
          </Stack>
        )}
      </Answer>
    </Page>
  )
}
