// A command of the repository as a person runs it: its output collected, its whole family of processes known.
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import { eventually } from './eventually.ts'

export type Command = {
  readonly pid: number
  stdout(): string
  stderr(): string
  signal(signal: NodeJS.Signals): void
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** `script` below scripts/dist, such as `devnet.js`. */
export function runCommand(script: string, ...args: readonly string[]): Command {
  const child = spawn(process.execPath, [join(workspaceRoot, 'scripts/dist', script), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    signal: signal => void child.kill(signal),
    // `close`: all that was printed has arrived.
    ended: new Promise(resolve => {
      child.once('close', (code, signal) => {
        running.delete(child)
        resolve({ code, signal })
      })
    }),
  }
}

/** All processes that `pid` started, and those started. */
export function descendantsOf(pid: number): readonly number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name)) parents.set(Number(name), parentOf(name))
  }
  const found: number[] = []
  for (let level = [pid]; level.length > 0; ) {
    level = [...parents].filter(([, parent]) => level.includes(parent)).map(([child]) => child)
    found.push(...level)
  }
  return found
}

export function commandLineOf(pid: number): string {
  return readProcess(`${pid}/cmdline`).replaceAll('\0', ' ')
}

/** Those of `pids` that run; a zombie has ended. */
export function alive(pids: readonly number[]): readonly number[] {
  return pids.filter(pid => /^State:\s+[^ZX]/m.test(readProcess(`${pid}/status`)))
}

/** Who is told to end needs a moment for it. */
export async function untilAllEnded(pids: Iterable<number>): Promise<void> {
  await eventually(
    'all processes having ended',
    async () => alive([...pids]).map(commandLineOf),
    left => left.length === 0,
  )
}

function parentOf(pid: string): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readProcess(`${pid}/status`))?.[1] ?? 0)
}

function readProcess(path: string): string {
  try {
    return readFileSync(join('/proc', path), 'utf8')
  } catch {
    return '' // it ended meanwhile
  }
}
