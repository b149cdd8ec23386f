// Our bundler as its users meet it: a process of its own over a data file that outlives it.
import { join } from 'node:path'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import { type Daemon, startDaemon } from './daemon.ts'
import { anvilKey } from './keys.ts'

export type BundlerOptions = {
  readonly rpcUrl: string
  /** Holds its log and data file; the same folder again is a restart. */
  readonly folder: string
  readonly executors?: number
  readonly flags?: Readonly<Record<string, string | number>>
  /** Of secrets that it is given besides. */
  readonly environment?: Readonly<Record<string, string>>
}

export async function startBundler(options: BundlerOptions): Promise<Daemon> {
  const { rpcUrl, folder, executors = 2, flags = {}, environment = {} } = options
  const keys = Array.from({ length: executors }, (_, index) => anvilKey(index + 1))
  return await startDaemon({
    main: join(workspaceRoot, 'bundler/packed/main.js'),
    flags: {
      'rpc-url': rpcUrl,
      port: 0,
      'data-file': join(folder, 'bundler.sqlite'),
      'poll-milliseconds': 100,
      'calls-per-second': 0,
      'unpaid-milliseconds-per-second': 0,
      'log-level': 'debug',
      ...flags,
    },
    environment: { WORLDLAND_BUNDLER_EXECUTOR_KEYS: keys.join(','), ...environment },
    logFile: join(folder, 'bundler.log'),
  })
}
