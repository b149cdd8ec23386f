import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openHousehold, writeConfiguration } from './household.ts'

function keysOf(opened: ReturnType<typeof openHousehold>): readonly string[] {
  if (!opened.ok) throw new Error(opened.refusal.message)
  const { operator, node, executors } = opened.value
  return [operator, node, ...executors].map(({ key }) => key)
}

describe('the folder a bundler lives in', () => {
  let folder: string
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'join-')), 'node')
  })

  it('gets its keys once, and for its owner alone', () => {
    const keys = keysOf(openHousehold(folder, 2))
    expect(new Set(keys).size).toBe(4)
    expect(keysOf(openHousehold(folder, 2))).toEqual(keys)
    for (const name of ['operator.key', 'node.key', 'executors.txt']) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    }
  })

  it('keeps the keys that are there, however many executors are asked for', () => {
    openHousehold(folder, 1)
    const again = openHousehold(folder, 4)
    expect(again.ok && again.value.executors.length).toBe(1)
  })

  it('is refused while others may read a key, with what to do', () => {
    openHousehold(folder, 1)
    chmodSync(join(folder, 'node.key'), 0o644)
    const read = openHousehold(folder, 1)
    expect(!read.ok && read.refusal.message).toContain('chmod 600')
  })

  it('is refused where a key is spoilt, by its place and never by its text', () => {
    openHousehold(folder, 1)
    writeFileSync(join(folder, 'operator.key'), 'deadbeef')
    const read = openHousehold(folder, 1)
    if (read.ok) throw new Error('it was taken')
    expect(read.refusal.message).toContain('operator.key: key 1 of 1 is not a private key')
    expect(read.refusal.message).not.toContain('deadbeef')
  })

  it('keeps a configuration that the operator has made his own', () => {
    openHousehold(folder, 1)
    const written = writeConfiguration(folder, { port: 1 })
    expect(writeConfiguration(folder, { port: 2 })).toEqual({ ...written, isNew: false })
    expect(JSON.parse(readFileSync(written.path, 'utf8'))).toEqual({ port: 1 })
  })
})
