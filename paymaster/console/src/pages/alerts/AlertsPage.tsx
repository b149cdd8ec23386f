// What wants somebody's attention, what did, and when it does.
import { Tabs } from '@mantine/core'
import { Page } from '../../components/Page.tsx'
import { useWords } from '../../i18n/words.ts'
import { AlertList } from './AlertList.tsx'
import { Thresholds } from './Thresholds.tsx'
import { alertWords } from './words.ts'

export function AlertsPage() {
  const words = useWords(alertWords)
  return (
    <Page title={words.title} description={words.intro}>
      <Tabs defaultValue="open" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="open">{words.open}</Tabs.Tab>
          <Tabs.Tab value="past">{words.past}</Tabs.Tab>
          <Tabs.Tab value="thresholds">{words.thresholds}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="open">
          <AlertList state="open" />
        </Tabs.Panel>
        <Tabs.Panel value="past">
          <AlertList state="closed" />
        </Tabs.Panel>
        <Tabs.Panel value="thresholds">
          <Thresholds />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
