// Deletes what a machine wrote, by this host's own rm: beside the daemon's event loop, for a machine may leave millions
// of files, and through trees deeper than a path may be long. Links are deleted, never followed.
import { spawn } from 'node:child_process'
import { lstatSync } from 'node:fs'

const mostWords = 500
const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C' }

/** Done already where nothing is there. Throws in rm's own words for what this account may not delete. */
export async function removeTree(path: string): Promise<void> {
  if ((await run('rm', ['-rf', '--', path])) === undefined) return
  // Folders that the machine closed to all, its owner included. Where a link is named, chmod would follow it.
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory())
    await run('chmod', ['-R', 'u+rwx', '--', path])
  const problem = await run('rm', ['-rf', '--', path])
  if (problem !== undefined) throw new Error(`${path} cannot be deleted: ${problem}`)
}

/** Undefined, or what went wrong: the first words of what may be a line for each file. */
function run(program: string, options: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, options, { env: environment, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      if (said.length < mostWords) said += chunk.slice(0, mostWords)
    })
    child.once('error', reject)
    child.once('close', (code, signal) =>
      resolve(
        code === 0 ? undefined : said.trim().slice(0, mostWords) || `${program} ended with ${signal ?? code}`,
      ),
    )
  })
}
