// The JSON file of settings, by their names or spelled as their flags are: `rpcUrl` or `rpc-url`.
import { readFileSync } from 'node:fs'
import { exitCodes } from '../cli/exitCodes.ts'
import { fileProblem } from '../files/fileProblem.ts'
import { accept, type Result, refuse } from '../result.ts'
import { nearestName } from './nearestName.ts'
import type { Settings } from './setting.ts'

/** By setting name; of a secret also `<name>File`, the file that it lies in. */
export type FileValues = Readonly<Record<string, unknown>>

export function readSettingsFile(
  path: string | undefined,
  known: Settings,
  problems: string[],
): Result<FileValues> {
  if (path === undefined) return accept({})
  const parsed = parse(path)
  if (!parsed.ok) return parsed
  const names = new Set(
    Object.entries(known).flatMap(([name, { secret }]) => (secret ? [name, `${name}File`] : [name])),
  )
  const values: Record<string, unknown> = {}
  for (const [written, value] of Object.entries(parsed.value)) {
    const name = written.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
    if (!names.has(name)) problems.push(`${path}: "${written}" is not a setting${meant(name, [...names])}`)
    else if (Object.hasOwn(values, name)) problems.push(`${path}: "${name}" stands there twice`)
    else values[name] = value
  }
  return accept(values)
}

function meant(name: string, names: readonly string[]): string {
  const nearest = nearestName(name, names)
  return nearest === undefined ? '' : `: did you mean "${nearest}"?`
}

function parse(path: string): Result<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      return accept(parsed as Record<string, unknown>)
    }
    return refuse({
      code: exitCodes.configuration,
      message: `${path} must hold one JSON object of settings`,
    })
  } catch (error) {
    return refuse({
      code: exitCodes.configuration,
      message: `The configuration file (--config): ${fileProblem(path, error)}`,
    })
  }
}
