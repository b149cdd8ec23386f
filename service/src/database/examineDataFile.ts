// Whether `start` could use a data file, for `check`: nothing is made or changed.
import { existsSync } from 'node:fs'
import { type CheckLine, obstacle } from '../cli/checkReport.ts'
import { reasonOf } from '../reasonOf.ts'
import { readBackupMark } from './backupMark.ts'
import { reading } from './copyDatabase.ts'
import { type FileKind, identityOf, kindProblem } from './fileKind.ts'
import { lockDatabase } from './lockDatabase.ts'
import { storageProblem } from './storageProblem.ts'

const subject = 'data file'

/** `mine`: columns of the identity that it must have, in lower case. */
export function examineDataFile(
  path: string,
  kind: FileKind,
  mine: Readonly<Record<string, string | number>>,
): CheckLine {
  if (!existsSync(path)) return { subject, says: `${path} will be made` }
  try {
    const { problem, its, backedUpAt } = reading(path, sqlite => ({
      problem: kindProblem(sqlite, kind),
      its: identityOf(sqlite),
      backedUpAt: readBackupMark(sqlite),
    }))
    if (problem !== undefined) return obstacle(subject, `${path}: ${problem}; give another by --data-file`)
    const other = its && Object.keys(mine).find(name => its[name] !== mine[name])
    if (other !== undefined) {
      return obstacle(
        subject,
        `${path} has ${other} ${its?.[other]}, not ${mine[other]}: give another by --data-file`,
      )
    }
    const mark = backedUpAt === undefined ? '' : `, a backup of ${new Date(backedUpAt * 1000).toISOString()}`
    return { subject, says: `${path}${mark}${isInUse(path) ? `, in use: ${kind.program} runs` : ''}` }
  } catch (error) {
    return obstacle(subject, `${path}: ${storageProblem(error) ?? reasonOf(error)}`)
  }
}

function isInUse(path: string): boolean {
  if (!existsSync(`${path}.lock`)) return false
  try {
    lockDatabase(path)()
    return false
  } catch {
    return true
  }
}
