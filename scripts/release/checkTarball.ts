// What a tarball may hold: what its users run and read, nothing that only builds or tests it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { workspaceRoot } from '../workspaceRoot.ts'
import type { Tarball } from './packPackages.ts'

/** One line about it; throws with all that is wrong. */
export function checkTarball(tarball: Tarball): string {
  const { name, bytes, files } = tarball
  const version = JSON.parse(readFileSync(join(workspaceRoot, name, 'package.json'), 'utf8')).version
  const problems = tarballProblems(files)
  if (problems.length > 0)
    throw new Error(
      `The package of ${name}: ${problems.length} problems\n  ${problems.slice(0, 20).join('\n  ')}`,
    )
  return `@worldland-aa/${name} ${version}: ${files.length} files, ${Math.ceil(bytes / 1000)} kB`
}

/** In words; none when all is well. */
export function tarballProblems(files: readonly string[]): readonly string[] {
  const present = new Set(files)
  const missing = ['LICENSE', 'README.md', 'package.json'].filter(file => !present.has(file))
  const foreign = files.filter(file =>
    /\.test\.|(^|\/)testing\/|\.tsbuildinfo$|^(out|cache)\/|(^|\/)\.|\.sqlite|\.key$/.test(file),
  )
  const dead = files.filter(file => file.startsWith('dist/') && !present.has(sourceOf(file)))
  return [
    ...missing.map(file => `${file} is missing`),
    ...foreign.map(file => `${file} is for those who build the package: leave it out by "files"`),
    ...dead.map(
      file => `${file} has no ${sourceOf(file)} beside it: a map that leads nowhere, or a stale output`,
    ),
  ]
}

/** What a file under dist is compiled from. */
export function sourceOf(file: string): string {
  return file.replace(/^dist\//, 'src/').replace(/(\.d\.ts|\.js)(\.map)?$/, '.ts')
}
