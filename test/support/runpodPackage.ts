// Finds RunPod's own Python package, unmodified, for tests of the gateway: one that is installed, or one that pip fetches
// once into a cache. Undefined, with the reason, where there is neither.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'

const version = '1.12.0'
const patienceMilliseconds = 240_000

export type RunpodPackage =
  /** `pythonPath` is empty where it is installed for all. */
  { readonly ok: true; readonly pythonPath: string } | { readonly ok: false; readonly reason: string }

export function findRunpodPackage(): RunpodPackage {
  if (isImported('')) return { ok: true, pythonPath: '' }
  const folder = join(workspaceRoot, 'node_modules', '.cache', `runpod-${version}`)
  if (existsSync(folder)) return { ok: true, pythonPath: folder }
  const half = `${folder}.${process.pid}`
  mkdirSync(half, { recursive: true })
  try {
    const wanted = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', half]
    execFileSync('python3', [...wanted, `runpod==${version}`], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: patienceMilliseconds,
    })
    // Whoever was faster has the same.
    if (!existsSync(folder)) renameSync(half, folder)
    return { ok: true, pythonPath: folder }
  } catch (error) {
    const last = String((error as { stderr?: Buffer }).stderr ?? error)
      .trim()
      .split('\n')
      .at(-1)
    return { ok: false, reason: `runpod ${version} is not installed, and pip cannot fetch it: ${last}` }
  } finally {
    rmSync(half, { recursive: true, force: true })
  }
}

function isImported(pythonPath: string): boolean {
  try {
    const told = execFileSync(
      'python3',
      ['-c', 'import importlib.metadata as m; print(m.version("runpod"))'],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { PATH: '/usr/local/bin:/usr/bin:/bin', ...(pythonPath !== '' && { PYTHONPATH: pythonPath }) },
      },
    )
    return told.toString().trim() === version
  } catch {
    return false
  }
}
