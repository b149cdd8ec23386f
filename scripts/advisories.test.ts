import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workspaceRoot } from './workspaceRoot.ts'

type Advisory = { readonly name: string; readonly advisory: string; readonly mendedIn: string }
// Plain JavaScript, because `npm run verify` asks it before there is anything else.
const { findOlder, readAdvisories } = (await import(join(workspaceRoot, 'scripts', 'advisories.mjs'))) as {
  readAdvisories: (text: string) => readonly Advisory[]
  findOlder: (lock: object, advisories: readonly Advisory[]) => readonly string[]
}

const advisories = readAdvisories(readFileSync(join(workspaceRoot, 'SECURITY.md'), 'utf8'))
const olderIn = (packages: object): readonly string[] => findOlder({ packages }, advisories)

describe('the advisories that SECURITY.md names', () => {
  it('are found again in a lock that is older than what mends them, wherever it lies', () => {
    expect(
      olderIn({
        'node_modules/ws': { version: '8.17.1' },
        'node_modules/viem/node_modules/ws': { version: '8.21.0-rc.1' },
      }),
    ).toEqual([
      expect.stringContaining('node_modules/ws is 8.17.1: CVE-2026-48779'),
      expect.stringContaining('node_modules/ws is 8.17.1: CVE-2026-45736'),
      expect.stringContaining('node_modules/viem/node_modules/ws is 8.21.0-rc.1: CVE-2026-48779'),
    ])
  })

  it('are not found in what is newer, of another package, or for development alone', () => {
    expect(
      olderIn({
        'node_modules/ws': { version: '8.100.0' },
        'node_modules/isows': { version: '1.0.7' },
        'node_modules/ethers/node_modules/ws': { version: '8.17.1', dev: true },
      }),
    ).toEqual([])
  })

  it('touch nothing that is installed in production', () => {
    const lock = JSON.parse(readFileSync(join(workspaceRoot, 'package-lock.json'), 'utf8'))
    expect(findOlder(lock, advisories)).toEqual([])
  })
})
