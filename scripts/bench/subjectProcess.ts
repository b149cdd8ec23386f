// Starts the daemon under measurement by a command line and waits until it serves.
import { type ChildProcess, spawn } from 'node:child_process'
import type { BenchRun } from './benchRun.ts'
import { familyCpuMilliseconds, familyMebibytes } from './processFamily.ts'

export type SubjectProcess = {
  readonly url: string
  /** Of a command that ends in `exec`, of what that starts. */
  readonly pid: number
  /** From spawn until it serves. */
  readonly startMilliseconds: number
  /** Resident memory of the process and its children; NaN where /proc is missing. */
  memoryMebibytes(): number
  /** Processor time of the same since their start. */
  cpuMilliseconds(): number
}

const startLimitMilliseconds = 60_000
const graceMilliseconds = 10_000

/** `command` runs in a shell with `environment` and PORT set; it is stopped with the run. */
export async function startSubjectProcess(
  run: BenchRun,
  options: {
    /** For people: `bundler`. */
    name: string
    command: string
    environment: Readonly<Record<string, string>>
    port: number
    serves: (url: string) => Promise<boolean>
  },
): Promise<SubjectProcess> {
  const { name, command, environment, port, serves } = options
  const url = `http://127.0.0.1:${port}`
  const startedAt = performance.now()
  const child = spawn(command, {
    shell: true,
    detached: true, // its own process group, so that stopping reaches what the shell started
    stdio: ['ignore', 'ignore', 'pipe'],
    // biome-ignore lint/style/noProcessEnv: a child process needs PATH and HOME
    env: { ...process.env, ...environment, PORT: String(port) },
  })
  const group = child.pid
  if (group === undefined) throw new Error(`The shell that should run the ${name} could not be started`)
  run.watchdog.watch(group)
  run.cleanup.add(name, () => end(child, group))
  let lastWords = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-2_000)
  })
  while (!(await serves(url))) {
    run.signal.throwIfAborted()
    if (child.exitCode !== null) throw new Error(`The ${name} ended with ${child.exitCode}:\n${lastWords}`)
    if (performance.now() - startedAt > startLimitMilliseconds) {
      throw new Error(
        `The ${name} did not serve at ${url} within ${startLimitMilliseconds / 1000} s:\n${lastWords}`,
      )
    }
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  const startMilliseconds = performance.now() - startedAt
  return {
    url,
    pid: group,
    startMilliseconds,
    memoryMebibytes: () => familyMebibytes(group),
    cpuMilliseconds: () => familyCpuMilliseconds(group),
  }
}

/** A bundler's first answer. */
export async function answersEntryPoints(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"jsonrpc":"2.0","id":1,"method":"eth_supportedEntryPoints","params":[]}',
    })
    return 'result' in ((await response.json()) as object)
  } catch {
    return false
  }
}

async function end(child: ChildProcess, group: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise(resolve => child.once('exit', resolve))
  process.kill(-group, 'SIGTERM')
  const timer = setTimeout(() => process.kill(-group, 'SIGKILL'), graceMilliseconds)
  await ended
  clearTimeout(timer)
}
