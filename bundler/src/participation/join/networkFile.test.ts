import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readNetworkFile } from './networkFile.ts'

const network = {
  chainId: 103,
  entryPoint: '0x0000000071727De22E5E9d8BAf0edAc6f37da032',
  bundlerRegistry: `0x${'11'.repeat(20)}`,
  bundleGuard: `0x${'22'.repeat(20)}`,
  accountFactory: `0x${'33'.repeat(20)}`,
  bootnodes: [],
}

function written(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'network-')), 'network.json')
  writeFileSync(path, content)
  return path
}

describe('the file that describes a network of bundlers', () => {
  it('is read', () => {
    expect(readNetworkFile(written(JSON.stringify(network)))).toEqual({ ok: true, value: network })
  })
  it.each([
    ['is not there', undefined, 'there is no file /nowhere/network.json'],
    ['is no JSON', '{', 'JSON'],
    ['lacks an address', JSON.stringify({ ...network, bundleGuard: undefined }), 'bundleGuard is missing'],
    [
      'misspells an address',
      JSON.stringify({ ...network, entryPoint: '0x12' }),
      'entryPoint must be an address',
    ],
    ['holds what nobody knows', JSON.stringify({ ...network, owner: 1 }), 'owner'],
    ['has no end', `${' '.repeat(70_000)}{}`, 'longer than'],
  ])('is refused, with the place, where it %s', (_, content, told) => {
    const read = readNetworkFile(content === undefined ? '/nowhere/network.json' : written(content))
    expect(read.ok).toBe(false)
    if (!read.ok) expect(read.refusal.message).toContain(told)
  })
})
