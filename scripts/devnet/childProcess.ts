// A process of the devnet: started in its own process group, its output in a log file, stopped for certain.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { DevnetError } from './devnetError.ts'
import type { Watchdog } from './watchdog.ts'

export type Child = {
  readonly name: string
  readonly pid: number
  /** Resolves, with the reason in words, once the process has ended. */
  readonly ended: Promise<string>
  /** The end of what it wrote into its log, and where that is. */
  lastWords(): string
  /** SIGTERM, and SIGKILL when it has not ended in time. */
  stop(): Promise<void>
}

export type ChildOptions = {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Added to the environment; keys go this way, because a command line can be read by anybody. */
  readonly environment?: Readonly<Record<string, string>>
  readonly logFile: string
  readonly watchdog: Watchdog
  /** How long it may take to end by itself. Default: ten seconds. */
  readonly graceMilliseconds?: number
}

const logTailLines = 12

export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, command, args, environment = {}, logFile, watchdog, graceMilliseconds = 10_000 } = options
  const log = openSync(logFile, 'a')
  const child = spawn(command, [...args], {
    detached: true,
    stdio: ['ignore', log, log],
    // biome-ignore lint/style/noProcessEnv: the child inherits PATH and the like
    env: { ...process.env, ...environment },
  })
  closeSync(log)
  const group = await started(child, name, command)
  watchdog.watch(group)
  const ended = new Promise<string>(resolve => {
    child.once('exit', (code, signal) => {
      watchdog.forget(group)
      resolve(describeEnd({ name, code, signal, logFile }))
    })
  })
  return {
    name,
    pid: group,
    ended,
    lastWords: () => lastWordsIn(logFile),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      signalGroup(group, 'SIGTERM')
      const timer = setTimeout(() => signalGroup(group, 'SIGKILL'), graceMilliseconds)
      await ended
      clearTimeout(timer)
    },
  }
}

async function started(child: ChildProcess, name: string, command: string): Promise<number> {
  return await new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid as number))
    child.once('error', error => {
      const { code } = error as NodeJS.ErrnoException
      const reason = code === 'ENOENT' ? `${command} is missing: run npm run setup` : error.message
      reject(new DevnetError(`The ${name} could not be started: ${reason}`, { cause: error }))
    })
  })
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function describeEnd(end: {
  name: string
  code: number | null
  signal: NodeJS.Signals | null
  logFile: string
}): string {
  const { name, code, signal, logFile } = end
  const how = signal === null ? `with exit code ${code}` : `by ${signal}`
  return `The ${name} ended ${how}; ${lastWordsIn(logFile)}`
}

function lastWordsIn(logFile: string): string {
  // The folder of a devnet may be gone before its processes are.
  const text = existsSync(logFile) ? readFileSync(logFile, 'utf8').trimEnd() : ''
  if (text === '') return `nothing is written in ${logFile}`
  const tail = text.split('\n').slice(-logTailLines)
  return `the end of ${logFile}:\n${tail.map(line => `  ${line}`).join('\n')}`
}
