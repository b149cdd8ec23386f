// The key of whoever pays: out of a file that nobody else may read, or the environment. No flag takes the key itself:
// command lines are read by everybody on the machine.
import { readFileSync, statSync } from 'node:fs'
import { type Hex, isHex } from 'viem'
import { fileProblem } from './fileProblem.ts'
import type { Flags } from './flags.ts'
import type { Environment } from './network.ts'
import { SettingError } from './settingError.ts'
import { UsageError } from './usageError.ts'

export function ownerKey(flags: Flags, environment: Environment): Hex {
  const path = flags['key-file']
  const [written, from] =
    path === undefined
      ? [environment.WORLDLAND_RENT_KEY, 'WORLDLAND_RENT_KEY']
      : [readKeyFile(path), `the file ${path}`]
  if (written === undefined) {
    throw new UsageError('Who pays? Give --key-file FILE, or the key in WORLDLAND_RENT_KEY.')
  }
  const key = written.trim()
  if (isHex(key) && key.length === 66) return key
  throw new SettingError(`What ${from} holds is no private key: 0x and 64 hex digits.`)
}

function readKeyFile(path: string): string {
  let mode: number
  let text: string
  try {
    mode = statSync(path).mode
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new SettingError(fileProblem(path, error))
  }
  if ((mode & 0o077) !== 0) throw new SettingError(`Others may read the file ${path}: chmod 600 ${path}`)
  return text
}
