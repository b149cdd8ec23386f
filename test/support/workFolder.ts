// A folder for one test file's logs and databases: gone when its tests passed, kept and named when one
// failed.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach } from 'vitest'
import { endMachinesIn } from './endMachinesIn.ts'

/** Call at the top of a test file. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'worldland-aa-test-'))
  let failed = false
  afterEach(({ task }) => {
    failed ||= task.result?.state === 'fail'
  })
  afterAll(() => {
    endMachinesIn(folder)
    if (failed) process.stderr.write(`Logs and databases of the failed tests: ${folder}\n`)
    else rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

/** A fresh folder within it, for a test that shares nothing with the others. */
export function subfolder(folder: string): string {
  return mkdtempSync(join(folder, 'test-'))
}
