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

const here = dirname(dirname(fileURLToPath(import.meta.url)))
const compiler = join(here, 'node_modules/typescript-native')
// Each file by itself: nothing that it imports is read, no type is inferred, no declaration is written.
const withoutTypes = [
  ...['--noCheck', '--noResolve', '--types', ''],
  ...['--composite', 'false', '--incremental', 'false', '--tsBuildInfoFile', 'null'],
  ...['--declaration', 'false', '--declarationMap', 'false'],
]

/** The projects of tsconfig.json whose sources have changed since they were transpiled, each with its sources. */
export function staleProjects(root = here) {
  return readTsconfig(root)
    .references.map(({ path }) => ({ folder: path, ...readTsconfig(join(root, path)) }))
    .filter(({ compilerOptions }) => compilerOptions.emitDeclarationOnly !== true)
    .map(({ folder, compilerOptions }) => ({
      root,
      folder,
      sources: sourcesOf(join(root, folder), compilerOptions),
    }))
    .filter(isStale)
}

/** Rejects, once the compiler has said on stderr what it cannot read. */
export async function transpile(projects) {
  const results = await Promise.allSettled(projects.map(transpileProject))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

async function transpileProject(project) {
  const { root, folder, sources } = project
  const before = readStamp(project)
  // What is written to a source from here on is newer.
  const startedAt = new Date()
  const emitted = await emit(project)
  // A module whose source is gone would still be found by who imports it.
  const gone = (before?.emitted ?? []).filter(path => !emitted.includes(path))
  for (const path of gone) rmSync(join(root, folder, path), { force: true })
  const stamp = stampOf(project)
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, JSON.stringify({ compiler: compilerVersion(), sources, emitted }))
  utimesSync(stamp, startedAt, startedAt)
}

/** The paths of what was written, in the project. */
async function emit({ root, folder }) {
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
  return lines.map(line => relative(join(root, folder), line.slice(prefix.length)))
}

function isStale(project) {
  const { root, folder, sources } = project
  const stamp = readStamp(project)
  if (stamp === undefined || stamp.compiler !== compilerVersion()) return true
  if (stamp.sources.join() !== sources.join()) return true
  const { mtimeMs } = statSync(stampOf(project))
  const inputs = ['../tsconfig.base.json', 'tsconfig.json', ...sources]
  return (
    inputs.some(path => statSync(join(root, folder, path)).mtimeMs >= mtimeMs) ||
    stamp.emitted.some(path => !existsSync(join(root, folder, path)))
  )
}

/** Their paths in the project. */
function sourcesOf(project, { rootDir, outDir }) {
  return readdirSync(join(project, rootDir), { recursive: true })
    .filter(path => path.endsWith('.ts'))
    .map(path => join(rootDir, path))
    .filter(path => !path.startsWith(outDir + sep))
    .sort()
}

/** Beside the dependencies: who installs them anew compiles anew. */
const stampOf = ({ root, folder }) => join(root, 'node_modules/.cache/worldland-aa', `${folder}.json`)

function readStamp(project) {
  const stamp = stampOf(project)
  return existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : undefined
}

/** Its comments are lines of their own. */
function readTsconfig(folder) {
  const text = readFileSync(join(folder, 'tsconfig.json'), 'utf8')
  return JSON.parse(text.replace(/^\s*\/\/.*$/gm, ''))
}

function compilerVersion() {
  return JSON.parse(readFileSync(join(compiler, 'package.json'), 'utf8')).version
}
