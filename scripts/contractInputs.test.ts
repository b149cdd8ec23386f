import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { workspaceRoot } from './workspaceRoot.ts'

// Plain JavaScript, because setup asks it before there is anything else.
const { areArtifactsCurrent } = (await import(join(workspaceRoot, 'scripts', 'contractInputs.mjs'))) as {
  areArtifactsCurrent: (root: string) => boolean
}

const token = 'contracts/src/token/ComputeToken.sol'

describe('the committed artifacts', () => {
  let root: string

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'inputs-'))
    const paths = ['package.json', 'foundry.toml', 'contracts/package.json']
    for (const path of [...paths, 'contracts/src', 'contracts/artifacts/inputs.json']) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      cpSync(join(workspaceRoot, path), join(root, path), { recursive: true })
    }
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  const change = (path: string, by: (text: string) => string): void =>
    writeFileSync(join(root, path), by(readFileSync(join(root, path), 'utf8')))

  it('are those of the contracts that lie beside them', () => {
    expect(areArtifactsCurrent(root)).toBe(true)
  })

  it('are those of other contracts once a source, a setting or a version changed', () => {
    for (const [path, from, to] of [
      [token, 'contract', 'contract '],
      ['foundry.toml', 'london', 'paris'],
      ['package.json', '"solc": "0', '"solc": "1'],
      ['contracts/package.json', '"@openzeppelin/contracts": "5', '"@openzeppelin/contracts": "6'],
    ] as const) {
      const before = readFileSync(join(root, path), 'utf8')
      change(path, text => text.replace(from, to))
      expect(areArtifactsCurrent(root), path).toBe(false)
      writeFileSync(join(root, path), before)
    }
    expect(areArtifactsCurrent(root)).toBe(true)
  })

  it('are the same whatever line ends the checkout has', () => {
    change(token, text => text.replaceAll('\n', '\r\n'))
    expect(areArtifactsCurrent(root)).toBe(true)
  })

  it('are not current where there are none', () => {
    rmSync(join(root, 'contracts/artifacts'), { recursive: true })
    expect(areArtifactsCurrent(root)).toBe(false)
  })
})
