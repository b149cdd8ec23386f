import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freeDataDirectory, openDataDirectory } from './dataDirectory.ts'

describe("a devnet's data directory", () => {
  let path: string
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'devnet-'))
  })
  afterEach(() => rmSync(path, { recursive: true }))

  it('forgets the last run, and touches nothing that is not its own', () => {
    for (const name of ['chain.json', 'bundler.sqlite', 'thesis.doc']) writeFileSync(join(path, name), 'x')
    const data = openDataDirectory(path, { keep: false })
    expect(data.kept).toBe(false)
    expect(readdirSync(path).sort()).toEqual(['devnet.pid', 'thesis.doc'])
  })

  it('goes on with the last run when asked to', () => {
    for (const name of ['chain.json', 'bundler.sqlite']) writeFileSync(join(path, name), 'x')
    expect(openDataDirectory(path, { keep: true }).kept).toBe(true)
    expect(existsSync(join(path, 'bundler.sqlite'))).toBe(true)
  })

  it('does not keep databases whose chain is gone', () => {
    writeFileSync(join(path, 'bundler.sqlite'), 'x')
    expect(openDataDirectory(path, { keep: true }).kept).toBe(false)
    expect(existsSync(join(path, 'bundler.sqlite'))).toBe(false)
  })

  it('is refused while a running devnet uses it, and free again afterwards', () => {
    const data = openDataDirectory(path, { keep: false })
    expect(() => openDataDirectory(path, { keep: false })).toThrow(`process ${process.pid}`)
    expect(freeDataDirectory(path)).not.toBe(path)
    data.release()
    expect(freeDataDirectory(path)).toBe(path)
    openDataDirectory(path, { keep: false }).release()
  })

  it('is taken over from a devnet that died without a word', () => {
    writeFileSync(join(path, 'devnet.pid'), '999999999')
    expect(() => openDataDirectory(path, { keep: false })).not.toThrow()
  })

  it('holds addresses only while they are served', () => {
    const data = openDataDirectory(path, { keep: false })
    writeFileSync(data.devnetFile, '{}')
    data.release()
    expect(existsSync(data.devnetFile)).toBe(false)
  })
})
