// Builds the operator's console into the paymaster's package, when one of its sources has changed since: a second, in a
// process of its own beside the transpiling. Plain Node, because it runs before there is anything else.
import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = join(root, 'paymaster/console')
const stamp = join(root, 'node_modules/.cache/worldland-aa/console.json')

export function isConsoleStale() {
  if (!existsSync(stamp) || !existsSync(join(folder, 'dist/index.html'))) return true
  const inputs = sources()
  if (JSON.parse(readFileSync(stamp, 'utf8')).sources.join() !== inputs.join()) return true
  const { mtimeMs } = statSync(stamp)
  return inputs.some(path => statSync(join(folder, path)).mtimeMs >= mtimeMs)
}

/** Rejects with what Vite says. */
export async function buildConsole() {
  // What is written to a source from here on is newer.
  const startedAt = new Date()
  const inputs = sources()
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'error'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
  })
  const exitCode = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (exitCode !== 0) throw new Error('the console cannot be built: see above')
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, JSON.stringify({ sources: inputs }))
  utimesSync(stamp, startedAt, startedAt)
}

/** Their paths in the console's folder; the lock file stands for the libraries. */
function sources() {
  const inFolder = name => readdirSync(join(folder, name), { recursive: true }).map(path => join(name, path))
  return [
    ...inFolder('src').filter(path => /\.(tsx?|css)$/.test(path) && !/\.test\.tsx?$/.test(path)),
    ...inFolder('public'),
    ...['index.html', 'package.json', 'vite.config.ts', '../../package-lock.json'],
  ].sort()
}
