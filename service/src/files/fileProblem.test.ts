import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fileProblem } from './fileProblem.ts'

const folder = mkdtempSync(join(tmpdir(), 'file-problem-'))

function problemOf(path: string): string {
  try {
    JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    return fileProblem(path, error)
  }
  throw new Error('it could be read')
}

function written(content: string): string {
  const path = join(folder, 'settings.json')
  writeFileSync(path, content)
  return path
}

describe('why a file could not be read', () => {
  it('is told in words, not by the system’s codes', () => {
    expect(problemOf('/nowhere/settings.json')).toBe('there is no file /nowhere/settings.json')
    expect(problemOf(folder)).toBe(`${folder} is a folder, not a file`)
    const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
    expect(fileProblem('policies.json', denied)).toBe('this account may not read policies.json')
  })

  it('is told with the place in the file', () => {
    expect(problemOf(written('{"port": 1,\n "host" 2}'))).toMatch(
      /is not JSON \((line 2, column 9|at character 20)\)$/,
    )
    expect(problemOf(written('{"port": '))).toMatch(/is not JSON \(it ends too soon\)$/)
  })

  it('repeats nothing that stands in the file, which may be a key', () => {
    const path = written('deadbeefcafe')
    expect(() => JSON.parse(readFileSync(path, 'utf8'))).toThrow('deadbeef')
    expect(problemOf(path)).not.toContain('dead')
  })
})
