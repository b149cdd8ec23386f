// Reads a daemon's settings: flag before environment variable before file before default.
// Every problem is found in one go, and each is named as the person wrote it.
import { readFileSync } from 'node:fs'
import { accept, type Result, refuse } from '../result.ts'
import type { Settings, SettingValues } from './setting.ts'
import { environmentName, flagName } from './settingNames.ts'

export type SettingSources = {
  /** Values by setting name, as commander hands them over. */
  readonly flags: Readonly<Record<string, unknown>>
  readonly environment: Readonly<Record<string, string | undefined>>
  /** A JSON file of values by setting name. */
  readonly file?: string | undefined
}

const configurationRefused = 78 // EX_CONFIG of sysexits.h

export function loadSettings<All extends Settings>(
  definition: { readonly prefix: string; readonly settings: All; readonly alsoInFile?: Settings },
  sources: SettingSources,
): Result<SettingValues<All>> {
  const file = readSettingsFile(sources.file)
  if (!file.ok) return file
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const name of Object.keys(file.value)) {
    if (!Object.hasOwn({ ...definition.alsoInFile, ...definition.settings }, name))
      problems.push(`${sources.file}: "${name}" is not a setting`)
  }
  for (const [name, setting] of Object.entries(definition.settings)) {
    const variable = environmentName(definition.prefix, name)
    const source = firstSource([
      [flagName(name), setting.secret ? undefined : sources.flags[name]],
      [variable, sources.environment[variable] || undefined],
      [`${sources.file}: "${name}"`, file.value[name]],
      ...(setting.secret ? [secretFromFile({ name, prefix: definition.prefix, sources, problems })] : []),
    ])
    if (source === undefined && setting.fallback !== undefined) {
      values[name] = setting.fallback
      continue
    }
    const parsed = setting.schema.safeParse(source?.value)
    if (parsed.success) values[name] = parsed.data
    else if (source === undefined) {
      const places = setting.secret
        ? `${flagName(`${name}File`)} or ${variable}`
        : `${flagName(name)}, ${variable} or "${name}" in the configuration file`
      problems.push(`${name} is missing (${setting.describe}): give it by ${places}`)
    } else {
      const shown = setting.secret ? '' : `, but is ${JSON.stringify(source.value)}`
      problems.push(`${source.place} ${parsed.error.issues[0]?.message ?? 'is malformed'}${shown}`)
    }
  }
  if (problems.length > 0) {
    return refuse({ code: configurationRefused, message: problems.join('\n'), data: problems })
  }
  return accept(values as SettingValues<All>)
}

type Source = { readonly place: string; readonly value: unknown }

function firstSource(candidates: readonly (readonly [place: string, value: unknown])[]): Source | undefined {
  for (const [place, value] of candidates) if (value !== undefined) return { place, value }
  return undefined
}

/** `--<name>-file` or `<VARIABLE>_FILE` names a file whose trimmed text is the secret. */
function secretFromFile(options: {
  name: string
  prefix: string
  sources: SettingSources
  problems: string[]
}): readonly [string, unknown] {
  const { name, prefix, sources, problems } = options
  const fileSetting = `${name}File`
  const path = sources.flags[fileSetting] ?? sources.environment[environmentName(prefix, fileSetting)]
  if (typeof path !== 'string' || path === '') return [flagName(fileSetting), undefined]
  try {
    return [flagName(fileSetting), readFileSync(path, 'utf8').trim()]
  } catch (error) {
    problems.push(`${flagName(fileSetting)}: cannot read ${path} (${(error as NodeJS.ErrnoException).code})`)
    return [flagName(fileSetting), undefined]
  }
}

function readSettingsFile(path: string | undefined): Result<Record<string, unknown>> {
  if (path === undefined) return accept({})
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      return accept(parsed as Record<string, unknown>)
    }
    return refuse({ code: configurationRefused, message: `${path} must hold one JSON object of settings` })
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message
    return refuse({
      code: configurationRefused,
      message: `Cannot read the configuration file ${path}: ${reason}`,
    })
  }
}
