// Makes the JavaScript of every package in a second or two, without looking at types: what `npm run verify` checks,
// nobody has to wait for. The native compiler writes it from the same tsconfig.json, so that `tsc -b` would write
// the same bytes.
import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const compiler = join(root, 'node_modules/typescript-native')
// Each file by itself: nothing that it imports is read, no type is inferred, no declaration is written.
const withoutTypes = [
  ...['--noCheck', '--noResolve'],
  ...['--composite', 'false', '--incremental', 'false', '--tsBuildInfoFile', 'null'],
  ...['--declaration', 'false', '--declarationMap', 'false'],
]
/** Beside the dependencies, so that what compiles anew when they change is gone with them. */
const stamps = join(root, 'node_modules/.cache/worldland-aa')

/** The folders whose sources have changed since they were transpiled, each with its sources. */
export function staleProjects() {
  return readTsconfig('')
    .references.map(({ path }) => ({ folder: path, ...readTsconfig(path) }))
    .filter(({ compilerOptions }) => compilerOptions.emitDeclarationOnly !== true)
    .map(({ folder, compilerOptions }) => ({ folder, sources: sourcesOf(folder, compilerOptions) }))
    .filter(isStale)
}

/** Rejects, once the compiler has said on stderr what it cannot read. */
export async function transpile(projects) {
  const results = await Promise.allSettled(projects.map(transpileProject))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

async function transpileProject({ folder, sources }) {
  const before = readStamp(folder)
  // What is written to a source from here on is newer.
  const startedAt = new Date()
  const emitted = await emit(folder)
  // A module whose source is gone would still be found by who imports it.
  const gone = (before?.emitted ?? []).filter(path => !emitted.includes(path))
  for (const path of gone) rmSync(join(root, path), { force: true })
  mkdirSync(stamps, { recursive: true })
  writeFileSync(stampOf(folder), JSON.stringify({ compiler: compilerVersion(), sources, emitted }))
  utimesSync(stampOf(folder), startedAt, startedAt)
}

/** The paths of what was written, from the root. */
async function emit(folder) {
  const args = [join(compiler, 'bin/tsc'), '-p', folder, ...withoutTypes, '--listEmittedFiles']
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 2] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', text => (said += text))
  const exitCode = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  const lines = said.split('\n').filter(line => line !== '')
  const prefix = 'TSFILE: '
  if (exitCode !== 0) {
    process.stderr.write(
      lines
        .filter(line => !line.startsWith(prefix))
        .map(line => `${line}\n`)
        .join(''),
    )
    throw new Error(`the TypeScript of ${folder} cannot be read: see above`)
  }
  return lines.map(line => relative(root, line.slice(prefix.length)))
}

function isStale({ folder, sources }) {
  const stamp = readStamp(folder)
  if (stamp === undefined || stamp.compiler !== compilerVersion()) return true
  if (stamp.sources.join() !== sources.join()) return true
  const { mtimeMs } = statSync(stampOf(folder))
  const inputs = ['tsconfig.base.json', join(folder, 'tsconfig.json'), ...sources]
  return (
    inputs.some(path => statSync(join(root, path)).mtimeMs >= mtimeMs) ||
    stamp.emitted.some(path => !existsSync(join(root, path)))
  )
}

function sourcesOf(folder, { rootDir, outDir }) {
  const base = join(folder, rootDir)
  return readdirSync(join(root, base), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
    .map(entry => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .filter(path => !path.startsWith(join(folder, outDir) + sep))
    .sort()
}

const stampOf = folder => join(stamps, `${folder}.json`)

function readStamp(folder) {
  return existsSync(stampOf(folder)) ? JSON.parse(readFileSync(stampOf(folder), 'utf8')) : undefined
}

/** Its comments are lines of their own. */
function readTsconfig(folder) {
  const text = readFileSync(join(root, folder, 'tsconfig.json'), 'utf8')
  return JSON.parse(text.replace(/^\s*\/\/.*$/gm, ''))
}

function compilerVersion() {
  return JSON.parse(readFileSync(join(compiler, 'package.json'), 'utf8')).version
}
