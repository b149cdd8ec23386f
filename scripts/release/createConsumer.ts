// An empty folder into which somebody installs the packages by npm, as it comes: no override, no --legacy-peer-deps.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { workspaceRoot } from '../workspaceRoot.ts'
import type { Tarball } from './packPackages.ts'
import { runProgram } from './runProgram.ts'
import type { ReleaseVersions } from './versions.ts'

/** The folder; its node_modules hold the packages. */
export function createConsumer(parameters: {
  readonly folder: string
  readonly tarballs: readonly Tarball[]
  readonly versions: ReleaseVersions
}): string {
  const { folder, tarballs, versions } = parameters
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n')
  const wanted = [
    ...tarballs.map(({ path }) => path),
    `viem@${versions.viem}`,
    `permissionless@${versions.permissionless}`,
    `typescript@${versions.typescript}`,
    `@types/node@${versions.nodeTypes}`,
  ]
  runProgram({
    command: 'npm',
    args: ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...wanted],
    folder,
  })
  borrowSqlite(join(folder, 'node_modules'))
  const copies = copiesOf('viem', join(folder, 'node_modules'))
  if (copies.length !== 1) throw new Error(`There is more than one viem:\n  ${copies.join('\n  ')}`)
  return folder
}

/** Every folder in which a package is installed. */
function copiesOf(name: string, modules: string): readonly string[] {
  return readdirSync(modules, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isDirectory() && entry.name === name && entry.parentPath.endsWith('node_modules'))
    .map(entry => join(entry.parentPath, entry.name))
}

/** SQLite takes minutes to compile, and the checkout has done it. */
function borrowSqlite(modules: string): void {
  const [ours, theirs] = [join(workspaceRoot, 'node_modules'), modules].map(folder =>
    join(folder, 'better-sqlite3'),
  )
  const versionOf = (folder = '') => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
  if (ours === undefined || theirs === undefined || versionOf(ours) !== versionOf(theirs)) {
    throw new Error(
      `better-sqlite3 is ${versionOf(theirs)} here and ${versionOf(ours)} in the checkout: npm run lock`,
    )
  }
  cpSync(join(ours, 'build'), join(theirs, 'build'), { recursive: true })
}
