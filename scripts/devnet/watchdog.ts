// Sees to it that no process of the devnet outlives it, whatever ends it.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { workspaceRoot } from '../workspaceRoot.ts'

export type Watchdog = {
  watch(processGroup: number): void
  forget(processGroup: number): void
  stop(): Promise<void>
}

export function startWatchdog(): Watchdog {
  const child = spawn(process.execPath, [join(workspaceRoot, 'scripts', 'devnet', 'watchdog.mjs')], {
    // Its own process group: a Ctrl-C in the terminal must not end it before the devnet.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  // It may be gone already when the devnet says farewell.
  child.stdin.on('error', () => undefined)
  return {
    watch: group => child.stdin.write(`watch ${group}\n`),
    forget: group => child.stdin.write(`forget ${group}\n`),
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}
