import fc from 'fast-check'
import { concat, type Hex, numberToHex, recoverAddress, slice, toHex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { bytesOf } from './bytes.ts'
import { signDigest } from './signDigest.ts'
import { signerOfDigest } from './signerOfDigest.ts'

const word = fc.uint8Array({ minLength: 32, maxLength: 32 })
/** Below the order of the curve, and not zero. */
const key = fc.bigInt({ min: 1n, max: 2n ** 255n }).map(value => toHex(value, { size: 32 }))
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

describe('the signer of a digest', () => {
  it('is whose key signed it', () => {
    fc.assert(
      fc.property(key, word, (privateKey, digest) => {
        expect(signerOfDigest(digest, signDigest(privateKey, digest))).toBe(privateKeyToAddress(privateKey))
      }),
    )
  })

  it("is viem's for whatever two words are signed, or nobody", async () => {
    await fc.assert(
      fc.asyncProperty(word, word, word, fc.constantFrom<Hex>('0x1b', '0x1c'), async (r, s, digest, v) => {
        s[0] = (s[0] as number) & 0x7f
        const signature = concat([toHex(r), toHex(s), v])
        const expected = await recoverAddress({ hash: toHex(digest), signature }).catch(() => undefined)
        expect(signerOfDigest(digest, signature)).toBe(expected)
      }),
    )
  })

  it('is nobody where no court would take the signature: another form, or its twin in the upper half', () => {
    const digest = bytesOf(`0x${'11'.repeat(32)}`)
    const signature = signDigest(`0x${'22'.repeat(32)}`, digest)
    const s = BigInt(slice(signature, 32, 64))
    const v: Hex = slice(signature, 64) === '0x1b' ? '0x1c' : '0x1b'
    const twin = concat([slice(signature, 0, 32), numberToHex(order - s, { size: 32 }), v])
    for (const other of [
      twin,
      slice(signature, 0, 64),
      `${signature}00`,
      `${signature.slice(0, -2)}00`,
      '0x',
    ])
      expect(signerOfDigest(digest, other as Hex)).toBeUndefined()
  })
})
