// What a run of the tests writes outside the clone lies in one folder, which is gone at its end; when a test failed, it is
// kept and named.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { TestProject } from 'vitest/node'

/** Short, for a socket's path may have a hundred bytes. */
const prefix = 'aa-'

/** Vitest calls it for each project. What it returns is called when all tests are done. */
export default function setUp({ vitest }: TestProject): (() => void) | undefined {
  if (basename(tmpdir()).startsWith(prefix)) return
  const root = mkdtempSync(join(tmpdir(), prefix))
  // For everybody, as /tmp is: some tests start programs of other users.
  chmodSync(root, 0o1777)
  // biome-ignore lint/style/noProcessEnv: workers, and whatever they start, have it from here
  process.env.TMPDIR = root
  return () => {
    if (vitest.state.getCountOfFailedTests() > 0) {
      process.stderr.write(`What the tests wrote is kept: ${root}\n`)
    } else {
      rmSync(root, { recursive: true, force: true, maxRetries: 3 })
    }
  }
}
