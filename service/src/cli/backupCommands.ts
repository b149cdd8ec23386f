// `backup` and `restore`: the one file that must survive, out of a running daemon and back under a stopped one.
import { existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type SqliteDatabase from 'better-sqlite3'
import type { Hash } from 'viem'
import { connectNode } from '../chain/connectNode.ts'
import { readGenesisHash } from '../chain/readGenesisHash.ts'
import { type Setting, type Settings, toggle } from '../config/setting.ts'
import { readBackupMark } from '../database/backupMark.ts'
import { copyDatabase, reading } from '../database/copyDatabase.ts'
import { type FileKind, identityOf } from '../database/fileKind.ts'
import { lockDatabase } from '../database/lockDatabase.ts'
import { makeFolderOf, putBack } from '../database/restoreDatabase.ts'
import { putInPlace } from '../files/durableFile.ts'
import { reasonOf } from '../reasonOf.ts'
import { ExitError, exitCodes } from './exitCodes.ts'
import { type AddSubcommand, subcommand } from './subcommand.ts'

export type BackupCommands = {
  readonly kind: FileKind
  readonly prefix: string
  readonly dataFile: Setting<string>
  readonly rpcUrl: Setting<string>
  /** Of `start`. */
  readonly alsoInFile: Settings
  /** For people: what a file holds. */
  readonly describe: (sqlite: SqliteDatabase.Database) => string
  /** For people: what to look at after a restore, and what cannot be known. */
  readonly afterRestore: string
}

const group = 'Files'

export function backupCommand(options: BackupCommands): AddSubcommand {
  const { kind, prefix, dataFile, alsoInFile } = options
  return subcommand({
    name: 'backup',
    description: `copy the data file, also while ${kind.program} runs; the copy is checked, and written over nothing`,
    argument: { name: 'file', describe: 'where to, or a folder in which it is named by the time' },
    example: `  ${kind.program} backup /backups --data-file /var/lib/${kind.program}/data.sqlite`,
    definition: {
      prefix,
      settings: {
        dataFile,
        overwrite: toggle({ group, describe: 'take the place of a file of that name', fallback: false }),
      },
      alsoInFile,
    },
    async run({ dataFile: from, overwrite }, given) {
      const file = named(given, 'give the file, or the folder, to write the backup to')
      const madeAtSeconds = secondsNow()
      const place = isFolder(file) ? join(file, `${kind.program}-${timeName(madeAtSeconds)}.sqlite`) : file
      const there = `${place} is there already: give another name, or --overwrite`
      if (existsSync(place) && !overwrite) throw new ExitError(exitCodes.no, there)
      const copy = copyDatabase({ from, place, kind, madeAtSeconds })
      try {
        putInPlace(copy, place, overwrite)
      } catch (error) {
        rmSync(copy, { force: true })
        throw new ExitError(exitCodes.no, existsSync(place) ? there : reasonOf(error))
      }
      const says = reading(place, options.describe)
      process.stdout.write(`${place}: ${statSync(place).size} bytes, checked; ${says}\n`)
      return exitCodes.done
    },
  })
}

export function restoreCommand(options: BackupCommands): AddSubcommand {
  const { kind, prefix, dataFile, alsoInFile } = options
  return subcommand({
    name: 'restore',
    description: `put a backup in the place of the data file, while ${kind.program} is stopped; what was there is kept`,
    argument: { name: 'file', describe: 'the backup' },
    example: `  ${kind.program} restore /backups/${kind.program}-2026-01-31T04-00-00Z.sqlite --data-file /var/lib/${kind.program}/data.sqlite`,
    definition: {
      prefix,
      settings: {
        dataFile,
        rpcUrl: {
          ...options.rpcUrl,
          describe: 'an execution node of the chain, to hold the backup against',
          schema: options.rpcUrl.schema.optional() as Setting<string | undefined>['schema'],
        } as Setting<string | undefined>,
      },
      alsoInFile,
    },
    async run({ dataFile: path, rpcUrl }, given) {
      const from = named(given, 'give the backup to restore')
      if (!existsSync(from)) throw new ExitError(exitCodes.no, `there is no file ${from}`)
      makeFolderOf(path)
      const unlock = lockDatabase(path)
      try {
        const mark = secondsNow()
        const copy = copyDatabase({ from, place: path, kind, madeAtSeconds: madeAt(from) ?? mark })
        try {
          requireSameAs(copy, path, from)
          const unasked = await requireChain(copy, rpcUrl, from)
          const says = reading(copy, options.describe)
          const aside = putBack(copy, path, mark)
          const kept = aside === undefined ? '' : `\nwhat was there lies in ${aside}`
          process.stdout.write(`${path}: restored from ${from}; ${says}${kept}\n`)
          process.stderr.write(`${unasked}${options.afterRestore}\n`)
        } finally {
          rmSync(copy, { force: true })
        }
      } finally {
        unlock()
      }
      return exitCodes.done
    },
  })
}

function madeAt(path: string): number | undefined {
  try {
    return reading(path, readBackupMark)
  } catch {
    // What is wrong with it is told where it is copied.
    return undefined
  }
}

/** A backup of another chain or contract in the place of this one's is a slip. */
function requireSameAs(copy: string, path: string, from: string): void {
  if (!existsSync(path)) return
  let there: ReturnType<typeof identityOf>
  try {
    there = reading(path, identityOf)
  } catch {
    return // Damaged, which is why it is replaced.
  }
  const its = reading(copy, identityOf)
  if (there === undefined || its === undefined) return
  const different = Object.keys(there).find(name => there[name] !== its[name])
  if (different === undefined) return
  throw new ExitError(
    exitCodes.no,
    `${from} has ${different} ${its[different]}, but ${path} has ${there[different]}: give the backup of this one, or another --data-file`,
  )
}

/** What could not be asked, for people. */
async function requireChain(copy: string, rpcUrl: string | undefined, from: string): Promise<string> {
  const identity = reading(copy, identityOf)
  if (identity === undefined || rpcUrl === undefined) return ''
  let chainId: number
  let genesisHash: Hash
  try {
    const node = await connectNode(rpcUrl)
    chainId = node.chainId
    genesisHash = await readGenesisHash(node.client)
  } catch (error) {
    return `the backup could not be held against the chain: ${reasonOf(error)}\nstart refuses the file if it is of another\n`
  }
  if (identity.chain_id === chainId && identity.genesis_hash === genesisHash) return ''
  throw new ExitError(
    exitCodes.no,
    `${from} is of chain ${identity.chain_id} (genesis ${identity.genesis_hash}), but the node is of chain ${chainId} (genesis ${genesisHash}): give the backup of that chain, or another --rpc-url`,
  )
}

function named(given: string | undefined, remedy: string): string {
  if (given === undefined || given === '') throw new ExitError(exitCodes.usage, remedy)
  return given
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function secondsNow(): number {
  return Math.floor(Date.now() / 1000)
}

/** Sorts by time, and is taken by every file system. */
function timeName(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().replaceAll(':', '-').slice(0, 19)}Z`
}
