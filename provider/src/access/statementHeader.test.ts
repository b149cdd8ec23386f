import { toAccessAuthorization } from '@worldland-aa/sdk/serving/accessStatement'
import fc from 'fast-check'
import { getAddress, toHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { readStatementHeader } from './statementHeader.ts'

const word = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(value => toHex(value))
const statement = fc.record({
  agreementId: fc.bigInt({ min: 0n, max: 2n ** 96n - 1n }),
  user: word(20).map(address => getAddress(address)),
  purpose: fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme-ascii' }),
  key: word(32),
  origin: fc.webUrl().map(url => new URL(url).origin),
  issuedAt: fc.bigInt({ min: 0n, max: 2n ** 40n }),
})

describe('the header of a statement', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(statement, word(65), (written, signature) => {
        const read = readStatementHeader(toAccessAuthorization(written, signature))
        expect(read).toEqual({ ok: true, value: { statement: written, signature } })
      }),
    )
  })

  it('attack: whatever else it holds is refused with a sentence, and throws nothing', () => {
    const json = fc.json().map(text => `Worldland ${Buffer.from(text).toString('base64url')}`)
    const bytes = fc.uint8Array().map(value => `Worldland ${Buffer.from(value).toString('base64url')}`)
    fc.assert(
      fc.property(fc.oneof(fc.string(), json, bytes), header => {
        const read = readStatementHeader(header)
        expect(read.ok).toBe(false)
        if (!read.ok) expect(read.refusal).toContain('sign one by signAccessStatement')
      }),
    )
  })

  it('attack: one with a field too many, or one that is too large, is refused', () => {
    const encode = (value: object) => `Worldland ${Buffer.from(JSON.stringify(value)).toString('base64url')}`
    const good = {
      ...{ agreementId: '1', user: `0x${'aa'.repeat(20)}`, purpose: 'access', key: `0x${'00'.repeat(32)}` },
      ...{ origin: 'https://gpu.example', issuedAt: '1', signature: `0x${'11'.repeat(65)}` },
    }
    expect(readStatementHeader(encode(good)).ok).toBe(true)
    for (const changed of [
      { admin: true },
      { agreementId: '01' },
      { agreementId: 1 },
      { agreementId: '9'.repeat(78) },
      { issuedAt: '9'.repeat(400) },
      { purpose: 'access\u001b[2J' },
      { key: '0x' },
      { signature: '0x1' },
      { signature: `0x${'11'.repeat(4097)}` },
    ]) {
      expect(readStatementHeader(encode({ ...good, ...changed })).ok).toBe(false)
    }
  })
})
