import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { connectEngine } from './connectEngine.ts'
import { folderBytes } from './folderUse.ts'

const folder = mkdtempSync(join(tmpdir(), 'worldland-aa-folder-'))
const docker = connectEngine('/nowhere/docker.sock')

afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('what a folder takes', () => {
  it('is its files, and for empty ones what they occupy all the same (attack)', async () => {
    writeFileSync(join(folder, 'full'), Buffer.alloc(1_000_000))
    const full = await folderBytes(docker, folder, AbortSignal.timeout(60_000))
    expect(full).toBeGreaterThanOrEqual(1_000_000)
    for (let index = 0; index < 500; index++) writeFileSync(join(folder, `empty-${index}`), '')
    const files = await folderBytes(docker, folder, AbortSignal.timeout(60_000))
    expect(files).toBeGreaterThanOrEqual(500 * 4_096)
    expect(files).toBeGreaterThan(full)
  })

  it('is beyond any bound where it cannot be counted in time (attack)', async () => {
    expect(await folderBytes(docker, '/', AbortSignal.timeout(1))).toBe(Number.POSITIVE_INFINITY)
  })
})
