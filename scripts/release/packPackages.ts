// Compiles everything, types included, and packs what is published.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { workspaceRoot } from '../workspaceRoot.ts'
import { sourceOf } from './checkTarball.ts'
import { runProgram } from './runProgram.ts'

/** In the order of their dependencies. */
export const publishedPackages = ['contracts', 'sdk', 'service', 'bundler', 'paymaster', 'provider'] as const

export type Tarball = {
  /** The folder it was packed from. */
  readonly name: (typeof publishedPackages)[number]
  readonly path: string
  readonly bytes: number
  /** Relative to the package. */
  readonly files: readonly string[]
}

type PackReport = { filename: string; size: number; files: { path: string }[] }

export function packPackages(folder: string): readonly Tarball[] {
  mkdirSync(folder, { recursive: true })
  runProgram({
    command: process.execPath,
    args: [join(workspaceRoot, 'node_modules/typescript-native/bin/tsc'), '-b'],
    folder: workspaceRoot,
  })
  return publishedPackages.map(name => {
    removeStaleOutputs(join(workspaceRoot, name))
    const answer = runProgram({
      command: 'npm',
      args: ['pack', '--json', '--pack-destination', folder],
      folder: join(workspaceRoot, name),
    })
    const report = Object.values(
      JSON.parse(answer) as PackReport[] | Record<string, PackReport>,
    )[0] as PackReport
    return {
      name,
      path: join(folder, report.filename),
      bytes: report.size,
      files: report.files.map(({ path }) => path),
    }
  })
}

/** The compiler leaves behind what it made of sources that are gone. */
function removeStaleOutputs(folder: string): void {
  const dist = join(folder, 'dist')
  if (!existsSync(dist)) return
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const output = join(entry.parentPath, entry.name)
    const isCompiled = /\.(js|d\.ts)(\.map)?$/.test(entry.name)
    if (isCompiled && !existsSync(join(folder, sourceOf(`dist/${relative(dist, output)}`)))) rmSync(output)
  }
}
