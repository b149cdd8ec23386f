// One command at a time acts on a state file: two that replaced the same machine would pay for it twice.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { ComputeError } from '../../errors/computeError.ts'

/** It may be had a moment later. */
export class StateBusyError extends ComputeError {}

export async function withStateLock<Done>(path: string, act: () => Promise<Done>): Promise<Done> {
  const lock = `${path}.lock`
  if (!take(lock)) {
    if (isAlive(ownerOf(lock))) throw busy(path, lock)
    // Left by one that was killed.
    rmSync(lock, { force: true })
    if (!take(lock)) throw busy(path, lock)
  }
  try {
    return await act()
  } finally {
    rmSync(lock, { force: true })
  }
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, `${process.pid}`, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function ownerOf(lock: string): number {
  try {
    return Number(readFileSync(lock, 'utf8'))
  } catch {
    return 0
  }
}

function isAlive(processId: number): boolean {
  if (!Number.isSafeInteger(processId) || processId < 1) return false
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function busy(path: string, lock: string): StateBusyError {
  return new StateBusyError({
    problem: `Another worldland-rent acts on ${path}.`,
    remedy: `Wait until it has ended; if none runs, remove ${lock}.`,
  })
}
