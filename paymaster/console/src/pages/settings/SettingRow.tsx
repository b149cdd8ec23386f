// One setting: its flag, what it means, and the value in force.
import { Group, Text } from '@mantine/core'
import type { SettingItem } from '../../../../src/admin/settings/schema.ts'
import { useLanguage } from '../../i18n/language.ts'
import { settingIn } from '../../i18n/refusals.ts'
import { useWords } from '../../i18n/words.ts'
import { settingsWords } from './words.ts'

export function SettingRow({ setting }: { readonly setting: SettingItem }) {
  const words = useWords(settingsWords).configuration
  const language = useLanguage()
  const { name, flag, variable, describe, isSecret, isSet, value, isDefault } = setting
  const shown = isSecret || value === null ? (isSet ? words.set : words.notSet) : value
  return (
    <div>
      <dt>
        <Text size="sm" className="hex whole" title={variable} component="span">
          {flag}
        </Text>
        <Text size="xs" c="dimmed">
          {settingIn(language, name) ?? describe}
        </Text>
      </dt>
      <dd>
        <Group gap={6} justify="flex-end">
          <Text size="sm" fw={isDefault ? 400 : 650} className="hex whole" component="span">
            {shown}
          </Text>
          <Text size="xs" c="dimmed" component="span">
            {isSecret
              ? words.secret
              : isDefault
                ? words.isDefault
                : setting.default !== null && words.wasDefault(setting.default)}
          </Text>
        </Group>
      </dd>
    </div>
  )
}
