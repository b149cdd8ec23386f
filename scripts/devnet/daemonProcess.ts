// Where the daemons' programs are, and how one is started and waited for.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { environmentName } from '@worldland-aa/service/config/settingNames'
import { workspaceRoot } from '../workspaceRoot.ts'
import { type Child, startChild } from './childProcess.ts'
import { DevnetError } from './devnetError.ts'
import { answersHealthy, untilHealthy } from './untilHealthy.ts'
import type { Watchdog } from './watchdog.ts'

export type DaemonName = 'bundler' | 'paymaster'

export type DaemonOptions = {
  readonly name: DaemonName
  readonly url: string
  /** By setting name. They go by the environment, keys included. */
  readonly settings: Readonly<Record<string, string | number>>
  readonly dataDirectory: string
  readonly watchdog: Watchdog
  readonly signal: AbortSignal
  /** Told about the process as soon as it runs, before it is healthy. */
  readonly onStarted: (child: Child) => void
}

/** Throws `DevnetError` when the daemon is not built. */
export function daemonProgram(name: DaemonName): string {
  const program = join(workspaceRoot, name, 'packed', 'main.js')
  if (existsSync(program)) return program
  throw new DevnetError(`The ${name} is not built: ${program} is missing; run npm run setup`)
}

export async function startDaemon(options: DaemonOptions): Promise<Child> {
  const { name, url, settings, dataDirectory, watchdog, signal, onStarted } = options
  const prefix = `WORLDLAND_${name.toUpperCase()}`
  const child = await startChild({
    name,
    command: process.execPath,
    args: [daemonProgram(name), 'start'],
    environment: Object.fromEntries(
      Object.entries(settings).map(([setting, value]) => [environmentName(prefix, setting), String(value)]),
    ),
    logFile: join(dataDirectory, `${name}.log`),
    watchdog,
  })
  onStarted(child)
  await untilHealthy(child, { isHealthy: () => answersHealthy(url), signal })
  return child
}
