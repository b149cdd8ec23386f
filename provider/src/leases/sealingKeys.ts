// The keys that renters' requests are sealed to: a file that the daemon makes when it is missing, newest key first. Old
// ones stay in it for what was sealed to them.
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createSealingKey, type SealingKey, toSealingKey } from '@worldland-aa/sdk/sealing/sealingKey'
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { openFileProblem } from '@worldland-aa/service/config/privateFile'
import { writeNewPrivateFile } from '@worldland-aa/service/files/durableFile'
import type { Hex } from 'viem'

/** Throws, with the remedy, for a file that others can read, or that holds something else. */
export function openSealingKeys(path: string, mayBeOpen: boolean): readonly [SealingKey, ...SealingKey[]] {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    writeNewPrivateFile(path, `${createSealingKey().privateKey}\n`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const problem = mayBeOpen ? undefined : openFileProblem(path)
  if (problem !== undefined) throw new ExitError(exitCodes.configuration, problem)
  const words = readFileSync(path, 'utf8').split(/\s+/)
  const keys = words.filter(word => word !== '')
  const wrong = keys.findIndex(key => !/^0x[0-9a-fA-F]{64}$/.test(key))
  if (wrong >= 0 || keys.length === 0) {
    throw new ExitError(
      exitCodes.configuration,
      `${path} holds no sealing keys, 0x and 64 hex digits each, newest first (word ${wrong + 1}): mend it; without its key no request can be opened`,
    )
  }
  return keys.map(key => toSealingKey(key as Hex)) as [SealingKey, ...SealingKey[]]
}
