import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTokenFile } from './tokenFile.ts'

const path = join(mkdtempSync(join(tmpdir(), 'tokens-')), 'tokens.json')
const token = {
  address: '0x4000000000000000000000000000000000000004',
  sources: [
    {
      kind: 'chainlinkFeed',
      feed: '0x5000000000000000000000000000000000000005',
      quotes: 'tokenPerNative',
      maxAgeSeconds: 3_600,
    },
  ],
  markupBps: 300,
}
const read = (content: unknown) => {
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return readTokenFile(path)
}

describe('the token file', () => {
  it('needs an address, sources and a markup; the rest has defaults', () => {
    expect(read({ tokens: [token] })).toEqual([
      {
        address: token.address,
        settings: {
          sources: token.sources,
          markupBps: 300,
          enabled: true,
          refundGas: 15_000,
          maxStepDeviationBps: 2_000,
          maxSourceDeviationBps: 500,
        },
      },
    ])
  })

  it('is refused with the field that is wrong', () => {
    const source = token.sources[0]
    const cases: [unknown, RegExp][] = [
      ['{', /is not JSON/],
      [{ tokens: [{ ...token, address: '0x12' }] }, /tokens\.0\.address must be an address/],
      [{ tokens: [{ ...token, markupBps: -1 }] }, /tokens\.0\.markupBps/],
      [{ tokens: [{ ...token, sources: [] }] }, /tokens\.0\.sources/],
      [{ tokens: [{ ...token, sources: [source, source, source] }] }, /tokens\.0\.sources/],
      [{ tokens: [{ ...token, sources: [{ ...source, kind: 'guess' }] }] }, /tokens\.0\.sources\.0\.kind/],
      [{ tokens: [{ ...token, sources: [{ ...source, maxAge: 1 }] }] }, /tokens\.0\.sources\.0/],
      [{ tokens: [{ ...token, refundGas: 1 }] }, /tokens\.0\.refundGas/],
      [{ tokens: [token, token] }, /names a token twice/],
    ]
    for (const [content, problem] of cases) expect(() => read(content)).toThrow(problem)
  })
})
