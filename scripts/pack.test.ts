import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { workspaceRoot } from './workspaceRoot.ts'

// Plain JavaScript, because it runs before there is anything else.
const { pack, stalePrograms } = (await import(join(workspaceRoot, 'scripts', 'pack.mjs'))) as {
  pack: (folders: readonly string[], root: string) => Promise<void>
  stalePrograms: (root: string) => readonly string[]
}
const transpiled = ['sdk', 'service', 'bundler', 'paymaster', 'provider']
let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pack-'))
  write('package-lock.json', '{}')
  for (const folder of transpiled) write(`node_modules/.cache/worldland-aa/${folder}.json`, '{}')
  write('bundler/package.json', '{ "type": "module" }')
  write('bundler/dist/value.js', 'export const value = 21')
  write(
    'bundler/dist/main.js',
    "import { value } from './value.js'\nconst { own } = await import('./execution/engineWorker.js')\nconsole.log(value * own)",
  )
  write('bundler/dist/execution/engineWorker.js', 'export const own = 2')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

it('packs a program with what it imports: it runs without its dist', async () => {
  await pack(['bundler'], root)
  rmSync(join(root, 'bundler/dist'), { recursive: true })
  expect(execFileSync(process.execPath, [join(root, 'bundler/packed/main.js')]).toString()).toBe('42\n')
})

it('packs anew what was transpiled since, and every program after a change of what they share', async () => {
  expect(stalePrograms(root)).toContain('bundler')
  await pack(['bundler'], root)
  expect(stalePrograms(root)).not.toContain('bundler')
  const later = new Date(Date.now() + 60_000)
  utimesSync(join(root, 'node_modules/.cache/worldland-aa/service.json'), later, later)
  expect(stalePrograms(root)).toContain('bundler')
})
