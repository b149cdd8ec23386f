// Where a setting may stand, the strongest place first, each named as the person wrote it.
import { readFileSync } from 'node:fs'
import { fileProblem } from '../files/fileProblem.ts'
import { openFileProblem } from './privateFile.ts'
import { environmentName, flagName } from './settingNames.ts'
import type { FileValues } from './settingsFile.ts'

export type Places = {
  readonly prefix: string
  /** Values by setting name, as commander hands them over. */
  readonly flags: Readonly<Record<string, unknown>>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly file: { readonly path: string | undefined; readonly values: FileValues }
}

export type Found = {
  readonly place: string
  readonly value: unknown
  /** The file that holds a secret and nothing else. */
  readonly file?: string
}

export function findSetting(name: string, { prefix, flags, environment, file }: Places): Found | undefined {
  const variable = environmentName(prefix, name)
  const places: readonly Found[] = [
    { place: flagName(name), value: flags[name] },
    { place: variable, value: environment[variable] || undefined },
    { place: `${file.path}: "${name}"`, value: file.values[name] },
  ]
  return places.find(({ value }) => value !== undefined)
}

/** Never from a flag, for `ps` shows flags: a flag names the file whose trimmed text it is. Throws with the problem. */
export function findSecret(name: string, places: Places, mayBeOpen: boolean): Found | undefined {
  const { prefix, flags, environment, file } = places
  const inFile = `${name}File`
  const [variable, fileVariable] = [environmentName(prefix, name), environmentName(prefix, inFile)]
  const candidates = [
    { place: flagName(inFile), path: flags[inFile] },
    { place: variable, value: environment[variable] },
    { place: fileVariable, path: environment[fileVariable] },
    { place: `${file.path}: "${name}"`, value: file.values[name], liesIn: file.path },
    { place: `${file.path}: "${inFile}"`, path: file.values[inFile] },
  ]
  const found = candidates.find(({ value, path }) => (value ?? path ?? '') !== '')
  if (found === undefined) return undefined
  const { place, value, path, liesIn } = found
  const keyFile = path === undefined ? liesIn : path
  const text = path === undefined ? value : readKeyFile(place, path)
  if (keyFile !== undefined && !mayBeOpen) requirePrivate(place, String(keyFile), prefix)
  return { place, value: text, ...(path !== undefined && { file: String(path) }) }
}

function readKeyFile(place: string, path: unknown): string {
  if (typeof path !== 'string') throw new Error(`${place} must be the name of a file`)
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw new Error(`${place}: ${fileProblem(path, error)}`)
  }
}

function requirePrivate(place: string, path: string, prefix: string): void {
  const problem = openFileProblem(path)
  if (problem === undefined) return
  const variable = environmentName(prefix, 'allowOpenKeyFiles')
  throw new Error(`${place}: ${problem} – or, where nobody else has an account, ${variable}=true`)
}
