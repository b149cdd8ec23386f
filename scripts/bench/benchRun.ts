// What a run has to itself: a folder for data and logs, and the certainty that nothing of it outlives it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { type Cleanup, createCleanup } from '../devnet/cleanup.ts'
import { whenAborted } from '../devnet/stopSignal.ts'
import { startWatchdog, type Watchdog } from '../devnet/watchdog.ts'

export type BenchRun = {
  readonly folder: string
  readonly cleanup: Cleanup
  readonly watchdog: Watchdog
  readonly signal: AbortSignal
  /** Tells the person who waits what goes on. */
  say(line: string): void
  complain(problem: string, error: unknown): void
}

export type BenchRunOptions = {
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** Undoes everything when `measure` is done, has failed, or `signal` breaks it off. */
export async function withBenchRun<Figures>(
  options: BenchRunOptions,
  measure: (run: BenchRun) => Promise<Figures>,
): Promise<Figures> {
  const { signal, say } = options
  const complain = (problem: string, error: unknown): void => say(`${problem}: ${reasonOf(error)}`)
  const cleanup = createCleanup(complain)
  const folder = mkdtempSync(join(tmpdir(), 'worldland-aa-bench-'))
  cleanup.add('folder', () => rmSync(folder, { recursive: true, force: true }))
  const watchdog = startWatchdog()
  cleanup.add('watchdog', watchdog.stop)
  try {
    const broken = whenAborted(signal).then(() => Promise.reject(signal.reason))
    return await Promise.race([measure({ folder, cleanup, watchdog, signal, say, complain }), broken])
  } finally {
    await cleanup.run()
  }
}
