// Turns a record of settings into a commander command whose --help is worth reading:
// grouped flags, what each means, its default and its environment variable.
import { type Command, Option } from 'commander'
import type { Setting, Settings } from './setting.ts'
import { environmentName, flagName } from './settingNames.ts'

export function addSettingFlags(
  command: Command,
  definition: { readonly prefix: string; readonly settings: Settings },
): Command {
  command.optionsGroup('Configuration:')
  const variable = environmentName(definition.prefix, 'config')
  command.option(
    '--config <file>',
    `a JSON file of settings by name; flags and environment win over it (${variable})`,
  )
  let group: string | undefined
  for (const [name, setting] of Object.entries(definition.settings)) {
    if (setting.group !== group) command.optionsGroup(`${setting.group}:`)
    group = setting.group
    command.addOption(optionOf(name, setting, environmentName(definition.prefix, name)))
  }
  return command
}

function optionOf(name: string, setting: Setting, variable: string): Option {
  const notes = [
    setting.fallback === undefined ? undefined : `default ${showValue(setting.fallback)}`,
    setting.secret ? `or the value itself in ${variable}` : variable,
  ].filter(note => note !== undefined)
  const description = `${setting.describe} (${notes.join('; ')})`
  if (setting.secret) return new Option(`${flagName(`${name}File`)} <file>`, description)
  // A switch can be turned off again by `--name false`.
  const value = setting.placeholder === undefined ? ' [true|false]' : ` <${setting.placeholder}>`
  const option = new Option(`${flagName(name)}${value}`, description)
  return setting.placeholder === undefined ? option.preset(true) : option
}

function showValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(',')
  return String(value)
}
