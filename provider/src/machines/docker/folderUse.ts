// What a machine's folder takes of the disk, however its program arranges its files: folders that are closed to this account
// are counted by the engine, empty files for the inode they occupy, and one that cannot be counted is beyond any bound.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type Docker from 'dockerode'
import { type Counted, duArguments, duInContainer } from './duInContainer.ts'

/** What a file that holds anything takes at least: so many empty ones are no way around the bound. */
const leastFileBytes = 4_096
const run = promisify(execFile)

type Failure = { readonly stdout?: string; readonly stderr?: string }

/** Without an end, once `signal` fires. */
export async function folderBytes(docker: Docker, folder: string, signal: AbortSignal): Promise<number> {
  try {
    const bytes = await count(docker, folder, { counted: 'bytes', signal })
    const files = await count(docker, folder, { counted: 'files', signal })
    return Math.max(bytes, files * leastFileBytes)
  } catch (error) {
    if (signal.aborted) return Number.POSITIVE_INFINITY
    throw error
  }
}

async function count(
  docker: Docker,
  folder: string,
  asked: { readonly counted: Counted; readonly signal: AbortSignal },
): Promise<number> {
  const { counted, signal } = asked
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' }
  try {
    return numberOf((await run('du', duArguments(counted, folder), { env, signal })).stdout)
  } catch (error) {
    const { stdout = '', stderr = '' } = error as Failure
    if (signal.aborted) throw error
    // The rest of what it says of them may be cut off, as there are many.
    if (/Permission denied|maxBuffer/.test(`${stderr}${error}`))
      return numberOf(await duInContainer(docker, folder, asked))
    // Files that go while they are counted are no failure.
    if (/No such file or directory/.test(stderr)) return numberOf(stdout)
    throw error
  }
}

function numberOf(said: string): number {
  // Behind what it says of files that are gone.
  const number = Number.parseInt(said.trim().split('\n').at(-1) ?? '', 10)
  if (Number.isNaN(number)) throw new Error(`du counts nothing: ${said.slice(0, 200)}`)
  return number
}
