// Starts the bundler under measurement by a command line, waits until it serves, and reads its memory.
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export type BundlerProcess = {
  readonly url: string
  /** From spawn to the first answered eth_supportedEntryPoints. */
  readonly startMilliseconds: number
  /** Resident memory of the process and its children; NaN where /proc is missing. */
  memoryMebibytes(): number
  stop(): Promise<void>
}

const startLimitMilliseconds = 60_000

/** `command` runs in a shell with RPC_URL, ENTRY_POINT, EXECUTOR_KEYS (comma separated) and PORT set. */
export async function startBundlerProcess(options: {
  command: string
  environment: Readonly<Record<string, string>>
  port: number
}): Promise<BundlerProcess> {
  const url = `http://127.0.0.1:${options.port}`
  const startedAt = performance.now()
  const child = spawn(options.command, {
    shell: true,
    detached: true, // its own process group, so that stop() reaches what the shell started
    stdio: ['ignore', 'ignore', 'pipe'],
    // biome-ignore lint/style/noProcessEnv: a child process needs PATH and HOME
    env: { ...process.env, ...options.environment, PORT: String(options.port) },
  })
  let lastWords = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-2_000)
  })
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`The bundler ended with ${child.exitCode}:\n${lastWords}`)
    if (performance.now() - startedAt > startLimitMilliseconds) {
      await end(child)
      throw new Error(
        `The bundler did not answer at ${url} within ${startLimitMilliseconds / 1000} s:\n${lastWords}`,
      )
    }
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  const startMilliseconds = performance.now() - startedAt
  return { url, startMilliseconds, memoryMebibytes: () => memoryOf(child.pid ?? 0), stop: () => end(child) }
}

async function answers(url: string): Promise<boolean> {
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

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return
  const ended = new Promise(resolve => child.once('exit', resolve))
  process.kill(-child.pid, 'SIGTERM')
  await ended
}

function memoryOf(root: number): number {
  try {
    const parents = new Map<number, number>()
    for (const name of readdirSync('/proc')) {
      const pid = Number(name)
      if (Number.isInteger(pid)) parents.set(pid, parentOf(pid))
    }
    const family = [...parents.keys()].filter(pid => isWithin(pid, root, parents))
    return family.reduce((sum, pid) => sum + residentKibibytes(pid), 0) / 1024
  } catch {
    return Number.NaN
  }
}

function isWithin(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) {
    if (at === root) return true
  }
  return false
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readStatus(pid))?.[1] ?? 0)
}

function residentKibibytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readStatus(pid))?.[1] ?? 0)
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return '' // it ended meanwhile
  }
}
