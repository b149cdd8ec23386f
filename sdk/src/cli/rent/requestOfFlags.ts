// What the machines are to run: a file, since it holds secrets and command lines are read by everybody on the machine.
import { readFileSync } from 'node:fs'
import type { RentalRequest } from '../../sealing/rentalRequest.ts'
import { fileProblem } from './fileProblem.ts'
import type { Flags } from './flags.ts'
import { SettingError } from './settingError.ts'
import { UsageError } from './usageError.ts'

/** Checked when it is sealed. */
export function requestOfFlags(flags: Flags): RentalRequest {
  const path = flags['request-file']
  if (path === undefined) return {}
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RentalRequest
  } catch (error) {
    throw new SettingError(fileProblem(path, error))
  }
}

export function digestOfFlags(flags: Flags): `sha256:${string}` | undefined {
  const written = flags['image-digest']
  if (written === undefined) return undefined
  if (/^sha256:[0-9a-f]{64}$/.test(written)) return written as `sha256:${string}`
  throw new UsageError(`--image-digest is "${written}": give sha256: and 64 hex digits.`)
}
