// What the service was started with, by group; secrets only as set or not.
import { Badge, Group, Stack, Switch, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import type { SettingItem, SettingList } from '../../../../src/admin/settings/schema.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { Answer } from '../../components/Answer.tsx'
import { Empty } from '../../components/Empty.tsx'
import { Section } from '../../components/Section.tsx'
import { useLanguage } from '../../i18n/language.ts'
import { settingGroupIn, settingIn } from '../../i18n/refusals.ts'
import { useWords } from '../../i18n/words.ts'
import { SettingRow } from './SettingRow.tsx'
import { settingsWords } from './words.ts'

export function Configuration() {
  const words = useWords(settingsWords).configuration
  const language = useLanguage()
  const query = useApiQuery<SettingList>({ path: 'settings' })
  const [sought, setSought] = useState('')
  const [onlyChanged, setOnlyChanged] = useState(false)
  const matches = ({ name, describe, flag, isDefault }: SettingItem): boolean =>
    !(onlyChanged && isDefault) &&
    `${name} ${flag} ${settingIn(language, name) ?? describe}`.toLowerCase().includes(sought.toLowerCase())
  return (
    <Section title={words.title} description={words.text}>
      <Group gap="md" align="center">
        <TextInput
          aria-label={words.search}
          placeholder={words.search}
          value={sought}
          onChange={event => setSought(event.currentTarget.value)}
        />
        <Switch
          label={words.onlyChanged}
          checked={onlyChanged}
          onChange={event => setOnlyChanged(event.currentTarget.checked)}
        />
      </Group>
      <Answer query={query}>
        {({ groups }) => {
          const shown = groups
            .map(({ group, settings }) => ({ group, settings: settings.filter(matches) }))
            .filter(({ settings }) => settings.length > 0)
          if (shown.length === 0) return <Empty title={words.noneMatch} />
          return shown.map(({ group, settings }) => (
            <Stack key={group} gap={0}>
              <Group gap="xs" mb={4}>
                <Title order={3} size="h5">
                  {settingGroupIn(language, group) ?? group}
                </Title>
                <Badge variant="default" size="sm">
                  {settings.length}
                </Badge>
              </Group>
              <dl className="facts">
                {settings.map(setting => (
                  <SettingRow key={setting.name} setting={setting} />
                ))}
              </dl>
            </Stack>
          ))
        }}
      </Answer>
    </Section>
  )
}
