import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStateFile } from './stateFile.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'worldland-rent-'))
  path = join(folder, 'state.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the state file', () => {
  it('is for its owner alone, and keeps every key that was made before it is used', async () => {
    const file = openStateFile(path)
    const first = await file.accessKeys.create()
    const second = await file.accessKeys.create()
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(await openStateFile(path).accessKeys.find(first.publicKey)).toEqual(first)
    expect(await openStateFile(path).accessKeys.find(second.publicKey)).toEqual(second)
  })

  it('is replaced as a whole: nothing half written is left beside it', () => {
    const file = openStateFile(path)
    file.change({ sending: { fromBlock: 5n } })
    file.change({ sending: undefined })
    expect(file.read()).toEqual({ accessKeys: {} })
    expect(readdirSync(folder)).toEqual(['state.json'])
  })

  it('is refused with a sentence when it is something else, and left as it was', () => {
    for (const text of ['', '[]', '{"accessKeys":{"a":"0x12"}}', '{"accessKeys":{},"more":1}']) {
      writeFileSync(path, text)
      expect(() => openStateFile(path).read()).toThrow('none of worldland-rent')
      expect(() => openStateFile(path).change({ sending: undefined })).toThrow('none of worldland-rent')
      expect(readFileSync(path, 'utf8')).toBe(text)
    }
  })
})
