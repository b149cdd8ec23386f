// Reads a daemon's settings: flag before environment variable before file before default.
// Every problem is found in one go, and each is named as the person wrote it.
import { exitCodes } from '../cli/exitCodes.ts'
import { accept, type Result, refuse } from '../result.ts'
import type { Setting, Settings, SettingValues } from './setting.ts'
import { environmentName, flagName } from './settingNames.ts'
import { type Found, findSecret, findSetting, type Places } from './settingPlaces.ts'
import { readSettingsFile } from './settingsFile.ts'

export type SettingSources = {
  /** Values by setting name, as commander hands them over; `config` names a JSON file of values by setting name. */
  readonly flags: Readonly<Record<string, unknown>>
  readonly environment: Readonly<Record<string, string | undefined>>
}

export type Definition<All extends Settings> = {
  readonly prefix: string
  readonly settings: All
  /** Of other commands: they may stand in the configuration file too. */
  readonly alsoInFile?: Settings
}

export function loadSettings<All extends Settings>(
  definition: Definition<All>,
  { flags, environment }: SettingSources,
): Result<SettingValues<All>> {
  const { prefix, settings } = definition
  const problems: string[] = []
  const path = nonEmpty(flags.config) ?? nonEmpty(environment[environmentName(prefix, 'config')])
  const file = readSettingsFile(path, { ...definition.alsoInFile, ...settings }, problems)
  if (!file.ok) return file
  const places: Places = { prefix, flags, environment, file: { path, values: file.value } }
  const mayBeOpen = String(findSetting('allowOpenKeyFiles', places)?.value) === 'true'
  const values: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries(settings)) {
    let found: Found | undefined
    try {
      found = setting.secret ? findSecret(name, places, mayBeOpen) : findSetting(name, places)
    } catch (error) {
      problems.push((error as Error).message)
      continue
    }
    if (found === undefined && setting.fallback !== undefined) {
      values[name] = setting.fallback
      continue
    }
    const parsed = setting.schema.safeParse(found?.value)
    if (parsed.success) {
      values[name] = parsed.data
      if (found?.file !== undefined) values[`${name}File`] = found.file
    } else if (found === undefined) problems.push(missing(name, setting, prefix))
    else {
      const shown = setting.secret ? '' : `, but is ${JSON.stringify(found.value)}`
      problems.push(`${found.place} ${parsed.error.issues[0]?.message ?? 'is malformed'}${shown}`)
    }
  }
  if (problems.length > 0) {
    return refuse({ code: exitCodes.configuration, message: problems.join('\n'), data: problems })
  }
  return accept(values as SettingValues<All>)
}

function missing(name: string, setting: Setting, prefix: string): string {
  const variable = environmentName(prefix, name)
  const places = setting.secret
    ? `${flagName(`${name}File`)} or ${variable}`
    : `${flagName(name)}, ${variable} or "${name}" in the configuration file`
  return `${name} is missing (${setting.describe}): give it by ${places}`
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
