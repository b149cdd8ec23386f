// What the SDK weighs in a dApp: built by Vite for production, minified, gzip. What loads at once is held to a limit;
// the sentences for failures are a chunk of their own, which loads when something fails.
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { workspaceRoot } from '../workspaceRoot.ts'

/** Kilobytes of 1,000 bytes. */
const limits = [
  { file: 'computeActions', what: 'computeActions, all that it needs of viem included', kB: 118 },
  { file: 'rentInstance', what: 'rentInstance with a client of viem and permissionless', kB: 125 },
] as const

/** A line about each; throws when one is too heavy. */
export async function checkSizes(consumer: string): Promise<readonly string[]> {
  cpSync(join(workspaceRoot, 'scripts/release/sizes'), join(consumer, 'sizes'), { recursive: true })
  const lines: string[] = []
  const tooHeavy: string[] = []
  for (const { file, what, kB } of limits) {
    const { atOnce, later } = await weigh(consumer, join(consumer, 'sizes', `${file}.js`))
    const line = `${what}: ${atOnce.toFixed(1)} kB gzip at once (limit ${kB}), ${later.toFixed(1)} kB when needed`
    lines.push(line)
    if (atOnce > kB) tooHeavy.push(line)
  }
  if (tooHeavy.length > 0) throw new Error(`Too heavy for a browser:\n  ${tooHeavy.join('\n  ')}`)
  return lines
}

async function weigh(
  root: string,
  input: string,
): Promise<{ readonly atOnce: number; readonly later: number }> {
  const built = (await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: { input, preserveEntrySignatures: 'strict' },
    },
  })) as Rolldown.RolldownOutput
  const chunks = built.output.filter(part => part.type === 'chunk')
  const first = new Set<string>()
  const follow = (name: string) => {
    if (first.has(name)) return
    first.add(name)
    for (const next of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) follow(next)
  }
  for (const { fileName, isEntry } of chunks) if (isEntry) follow(fileName)
  const weightOf = (isFirst: boolean) =>
    chunks
      .filter(({ fileName }) => first.has(fileName) === isFirst)
      .reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length / 1000, 0)
  return { atOnce: weightOf(true), later: weightOf(false) }
}
