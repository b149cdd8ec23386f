import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'again-alone-'))

afterAll(() => rmSync(folder, { recursive: true }))

describe('running red test files again by themselves', () => {
  it('forgives one that is green alone, and names it', () => {
    const { status, said } = again(reportOf({ 'service/src/reasonOf.test.ts': 'failed' }))
    expect(said).toContain('service/src/reasonOf.test.ts: red beside others, green alone')
    expect(status).toBe(0)
  })

  it('forgives none that is red alone too', () => {
    const { status, said } = again(reportOf({ 'service/src/noSuchFile.test.ts': 'failed' }))
    expect(said).toContain('service/src/noSuchFile.test.ts: red beside others, RED alone')
    expect(status).toBe(1)
  })

  it('forgives nothing where many are red', () => {
    const names = ['a', 'b', 'c', 'd'].map(name => `test/${name}.test.ts`)
    const { status, said } = again(reportOf(Object.fromEntries(names.map(name => [name, 'failed']))))
    expect(said).toContain('4 files are red, more than 3')
    expect(status).toBe(1)
  })

  it('forgives no run that ended for another reason than a red test, or told nothing', () => {
    expect(again(reportOf({ 'service/src/reasonOf.test.ts': 'passed' })).status).toBe(1)
    expect(again(join(folder, 'none.json')).status).toBe(1)
  })
})

function reportOf(files: Readonly<Record<string, 'passed' | 'failed'>>): string {
  const path = join(folder, 'report.json')
  const testResults = Object.entries(files).map(([file, status]) => ({ name: join(root, file), status }))
  writeFileSync(path, JSON.stringify({ testResults }))
  return path
}

function again(report: string): { status: number | null; said: string } {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/againAlone.mjs', report], {
    cwd: root,
    encoding: 'utf8',
  })
  return { status, said: stderr }
}
