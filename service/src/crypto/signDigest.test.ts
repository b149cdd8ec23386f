import fc from 'fast-check'
import { hexToBytes, toHex } from 'viem'
import { sign } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { signDigest } from './signDigest.ts'

const word = fc.uint8Array({ minLength: 32, maxLength: 32 })
/** Below the order of the curve, and not zero. */
const key = fc.bigInt({ min: 1n, max: 2n ** 255n }).map(value => toHex(value, { size: 32 }))

describe('the signature of a digest', () => {
  it("is viem's, byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(key, word, async (privateKey, digest) => {
        const expected = await sign({ privateKey, hash: toHex(digest), to: 'hex' })
        expect(signDigest(privateKey, digest)).toBe(expected)
      }),
    )
  })

  it('is refused for what is no key', () => {
    const digest = hexToBytes(`0x${'11'.repeat(32)}`)
    expect(() => signDigest(`0x${'00'.repeat(32)}`, digest)).toThrow('none of secp256k1')
  })
})
