// The processes of a run, which outlive the launcher that started them.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, openSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient, http } from 'viem'
import { getChainId } from 'viem/actions'
import type { SuiteOptions } from './suiteOptions.ts'

const patienceMilliseconds = 60_000

/** In the background, its output in `<name>.log`. */
export function startProcess(
  options: SuiteOptions,
  name: string,
  command: string,
  flags: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  mkdirSync(options.folder, { recursive: true })
  const log = openSync(join(options.folder, `${name}.log`), 'w')
  const child = spawn(command, flags, {
    detached: true,
    stdio: ['ignore', log, log],
    // biome-ignore lint/style/noProcessEnv: a launcher hands its environment on
    env: { ...process.env, ...environment },
  })
  child.unref()
  return child
}

/** Throws when it has not answered in a minute, or ends before. */
export async function untilAnswering(child: ChildProcess, url: string): Promise<void> {
  const client = createClient({ transport: http(url, { retryCount: 0 }) })
  const deadline = performance.now() + patienceMilliseconds
  while (performance.now() < deadline) {
    if (child.exitCode !== null)
      throw new Error(`${child.spawnfile} ended with ${child.exitCode}; see its log`)
    try {
      await getChainId(client)
      return
    } catch {
      await pause(200)
    }
  }
  throw new Error(`Nothing answers at ${url}`)
}

export async function remember({ folder }: SuiteOptions, children: readonly ChildProcess[]): Promise<void> {
  await writeFile(join(folder, 'processes'), children.map(({ pid }) => pid).join('\n'))
}

export async function stopAll({ folder }: SuiteOptions): Promise<void> {
  const known = await readFile(join(folder, 'processes'), 'utf8').catch(() => '')
  for (const pid of known.split('\n').filter(Boolean).toReversed()) {
    await end(Number(pid))
  }
  await rm(join(folder, 'processes'), { force: true })
}

async function end(pid: number): Promise<void> {
  const isRunning = (): boolean => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  if (!isRunning()) return
  process.kill(pid, 'SIGTERM')
  for (let tries = 0; tries < 50 && isRunning(); tries++) await pause(200)
  if (isRunning()) process.kill(pid, 'SIGKILL')
}
