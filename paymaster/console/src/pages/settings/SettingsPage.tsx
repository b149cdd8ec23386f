// Steering, people, oneself, and the configuration in force.
import { Stack, Tabs } from '@mantine/core'
import { Page } from '../../components/Page.tsx'
import { useWords } from '../../i18n/words.ts'
import { Blocked } from './Blocked.tsx'
import { Configuration } from './Configuration.tsx'
import { Invitations } from './Invitations.tsx'
import { OwnName } from './OwnName.tsx'
import { OwnSessions } from './OwnSessions.tsx'
import { OwnWaysIn } from './OwnWaysIn.tsx'
import { People } from './People.tsx'
import { Steering } from './Steering.tsx'
import { settingsWords } from './words.ts'

const names = ['steering', 'people', 'you', 'configuration'] as const

export function SettingsPage() {
  const words = useWords(settingsWords)
  return (
    <Page title={words.title} description={words.intro}>
      <Tabs defaultValue="steering" keepMounted={false}>
        <Tabs.List mb="md">
          {names.map(name => (
            <Tabs.Tab key={name} value={name}>
              {words.tabs[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="steering">
          <Stack>
            <Steering />
            <Blocked />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="people">
          <Stack>
            <People />
            <Invitations />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="you">
          <Stack>
            <OwnName />
            <OwnWaysIn />
            <OwnSessions />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="configuration">
          <Configuration />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
