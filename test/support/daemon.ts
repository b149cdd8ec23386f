// One daemon as an operator runs it: a child process from dist/, its log in a file, ended with the test.
import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, readFileSync } from 'node:fs'

export type DaemonOptions = {
  /** Packed program, such as bundler/packed/main.js. */
  readonly main: string
  /** By flag name without dashes. */
  readonly flags: Readonly<Record<string, string | number>>
  readonly environment?: Readonly<Record<string, string>>
  /** JSON lines; a restart appends. */
  readonly logFile: string
}

export type Daemon = {
  readonly url: string
  readonly pid: number
  /** SIGTERM, then waits; the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL: nothing is finished, nothing is said. */
  kill(): Promise<void>
}

/** Only a bound on a start that hangs. */
const startLimitMilliseconds = 100_000
const running = new Set<ChildProcess>()
// A worker that ends in a hurry must not leave daemons behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Resolves once the daemon says that it serves; rejects with its last words. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const flags = Object.entries(options.flags).flatMap(([name, value]) => [`--${name}`, String(value)])
  const child = spawn(process.execPath, [options.main, 'start', ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // biome-ignore lint/style/noProcessEnv: a child process needs PATH and HOME
    env: { ...process.env, ...options.environment },
  })
  running.add(child)
  const ended = new Promise<void>(resolve => {
    // Not at `exit`: until its output is closed, there may be more to write into a folder that the test removes.
    child.once('close', () => {
      running.delete(child)
      resolve()
    })
  })
  const url = await servingUrl(child, options.logFile)
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM')
      await ended
      return child.exitCode
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function servingUrl(child: ChildProcess, logFile: string): Promise<string> {
  appendFileSync(logFile, '')
  let unread = ''
  let isServing = false
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(
        new Error(`The daemon did not serve within ${startLimitMilliseconds} ms:\n${lastWords(logFile)}`),
      )
    }, startLimitMilliseconds)
    child.stderr?.on('data', (chunk: Buffer) => {
      appendFileSync(logFile, chunk)
      unread += chunk.toString()
      const lines = unread.split('\n')
      unread = lines.pop() ?? ''
      const url = lines.map(readServingUrl).find(found => found !== undefined)
      if (url === undefined) return
      isServing = true
      clearTimeout(timer)
      resolve(url)
    })
    child.once('error', reject)
    child.once('close', code => {
      clearTimeout(timer)
      if (!isServing) reject(new Error(`The daemon ended with ${code}:\n${lastWords(logFile)}`))
    })
  })
}

function readServingUrl(line: string): string | undefined {
  if (!line.includes('"serving"')) return undefined
  const { msg, url } = JSON.parse(line) as { msg?: string; url?: string }
  return msg === 'serving' ? url : undefined
}

function lastWords(logFile: string): string {
  return readFileSync(logFile, 'utf8').slice(-3_000)
}
