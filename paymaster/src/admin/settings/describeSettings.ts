// The configuration in force for people to read. Of a secret only whether it is set; of an address on the network only
// the host, for the rest of it is often a key.
import type { Setting, Settings } from '@worldland-aa/service/config/setting'
import { environmentName, flagName } from '@worldland-aa/service/config/settingNames'
import type { SettingItem, SettingList } from './schema.ts'

export function describeSettings(
  definition: { readonly prefix: string; readonly settings: Settings },
  values: Readonly<Record<string, unknown>>,
): SettingList {
  const groups = new Map<string, SettingItem[]>()
  for (const [name, setting] of Object.entries(definition.settings)) {
    const items = groups.get(setting.group) ?? []
    groups.set(setting.group, items)
    items.push(describeSetting(name, setting, values[name], definition.prefix))
  }
  return { groups: [...groups].map(([group, settings]) => ({ group, settings })) }
}

function describeSetting(name: string, setting: Setting, value: unknown, prefix: string): SettingItem {
  const isSecret = setting.secret === true
  const isSet = value !== undefined && value !== ''
  const shown = isSet && !isSecret ? show(value) : null
  const fallback = setting.fallback === undefined || isSecret ? null : show(setting.fallback)
  return {
    name,
    group: setting.group,
    describe: setting.describe,
    flag: flagName(isSecret ? `${name}File` : name),
    variable: environmentName(prefix, name),
    isSecret,
    isSet,
    value: shown,
    default: fallback,
    isDefault: isSecret ? !isSet : shown === fallback,
  }
}

function show(value: unknown): string {
  if (Array.isArray(value)) return value.map(show).join(', ')
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return text
  const { origin, pathname, search } = new URL(text)
  return pathname === '/' && search === '' ? origin : `${origin}/…`
}
