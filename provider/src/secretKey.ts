// A key of the daemon's own, by which it knows again what it gave out: made once, kept in the data folder for it alone.
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { openFileProblem } from '@worldland-aa/service/config/privateFile'
import { writeNewPrivateFile } from '@worldland-aa/service/files/durableFile'

const keyForm = /^[0-9a-f]{64}\n?$/

/** Throws, with the remedy, when the file is no key or others may read it. */
export function loadSecretKey(path: string): Uint8Array {
  if (!existsSync(path)) writeNewPrivateFile(path, `${randomBytes(32).toString('hex')}\n`)
  const problem = openFileProblem(path)
  if (problem !== undefined) throw new ExitError(exitCodes.configuration, problem)
  const text = readFileSync(path, 'utf8')
  if (!keyForm.test(text)) {
    throw new ExitError(
      exitCodes.configuration,
      `${path} holds no key of 32 bytes in hex: take it away, and a new one is made`,
    )
  }
  return Buffer.from(text.trim(), 'hex')
}
