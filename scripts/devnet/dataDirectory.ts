// Where a devnet keeps its chain, its databases and its logs, and that no two use the same place at once.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DevnetError } from './devnetError.ts'

export type DataDirectory = {
  readonly path: string
  /** True when the chain of an earlier run is there to go on with. */
  readonly kept: boolean
  readonly chainStateFile: string
  readonly devnetFile: string
  file(name: string): string
  /** Ends the claim on the directory; what is in it stays. */
  release(): void
}

const lockName = 'devnet.pid'
const chainStateName = 'chain.json'
const devnetName = 'devnet.json'
// Only what a devnet writes is ever deleted: the path may be anybody's.
const ownNames = [
  chainStateName,
  devnetName,
  'policies.json',
  'paymaster-signer.keys',
  ...['node.log', 'bundler.log', 'paymaster.log'],
  ...['bundler.sqlite', 'paymaster.sqlite'].flatMap(name => [name, `${name}-wal`, `${name}-shm`]),
]

/** Throws `DevnetError` when a running devnet uses the directory. Without `keep`, earlier runs are forgotten. */
export function openDataDirectory(path: string, options: { readonly keep: boolean }): DataDirectory {
  mkdirSync(path, { recursive: true })
  const file = (name: string): string => join(path, name)
  const owner = runningOwner(file(lockName))
  if (owner !== undefined) {
    throw new DevnetError(
      `Another devnet (process ${owner}) uses ${path}: stop it, or choose another place with --data-directory`,
    )
  }
  writeFileSync(file(lockName), String(process.pid))
  // Databases are worth nothing without the chain they belong to.
  const kept = options.keep && existsSync(file(chainStateName))
  if (!kept) for (const name of ownNames) rmSync(file(name), { force: true })
  return {
    path,
    kept,
    chainStateFile: file(chainStateName),
    devnetFile: file(devnetName),
    file,
    release() {
      rmSync(file(devnetName), { force: true })
      rmSync(file(lockName), { force: true })
    },
  }
}

/** The path itself, or a folder in it when a running devnet uses it. */
export function freeDataDirectory(path: string): string {
  return runningOwner(join(path, lockName)) === undefined ? path : join(path, `demo-${process.pid}`)
}

function runningOwner(lockFile: string): number | undefined {
  if (!existsSync(lockFile)) return undefined
  const pid = Number(readFileSync(lockFile, 'utf8'))
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  try {
    process.kill(pid, 0)
    return pid
  } catch (error) {
    // EPERM: it runs, under another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid : undefined
  }
}
