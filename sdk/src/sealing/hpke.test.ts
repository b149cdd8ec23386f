import { x25519 } from '@noble/curves/ed25519'
import { hexToBytes } from '@noble/hashes/utils'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hpkeOpen, hpkeSeal } from './hpke.ts'

// RFC 9180, appendix A.2.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, base mode, sequence number 0.
const example = {
  info: hexToBytes('4f6465206f6e2061204772656369616e2055726e'),
  ephemeralPrivateKey: hexToBytes('f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600'),
  privateKey: hexToBytes('8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb'),
  to: hexToBytes('4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a'),
  associated: hexToBytes('436f756e742d30'),
  message: hexToBytes('4265617574792069732074727574682c20747275746820626561757479'),
  sealed: hexToBytes(
    '1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a' +
      '1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28',
  ),
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength })
const privateKey = fc.uint8Array({ minLength: 32, maxLength: 32 })

describe('hpke', () => {
  it("gives the RFC's own example", () => {
    expect(hpkeSeal(example)).toEqual(example.sealed)
    expect(hpkeOpen(example)).toEqual(example.message)
  })

  it('opens what it sealed', () => {
    fc.assert(
      fc.property(privateKey, bytes(64), bytes(64), bytes(300), (key, info, associated, message) => {
        const sealed = hpkeSeal({ to: x25519.getPublicKey(key), info, associated, message })
        expect(hpkeOpen({ privateKey: key, info, associated, sealed })).toEqual(message)
      }),
      { numRuns: 30 },
    )
  })

  it('opens nothing by another key, for another purpose or bound to something else', () => {
    const { info, associated, sealed } = example
    const other = new Uint8Array(32).fill(7)
    expect(hpkeOpen({ ...example, privateKey: other })).toBeUndefined()
    expect(hpkeOpen({ ...example, info: associated })).toBeUndefined()
    expect(hpkeOpen({ ...example, associated: info })).toBeUndefined()
    expect(hpkeOpen({ ...example, sealed: sealed.subarray(0, 40) })).toBeUndefined()
    expect(hpkeOpen({ ...example, sealed: new Uint8Array() })).toBeUndefined()
  })

  it('refuses a public key of low order', () => {
    expect(() => hpkeSeal({ ...example, to: new Uint8Array(32) })).toThrow()
    expect(hpkeOpen({ ...example, sealed: new Uint8Array(80) })).toBeUndefined()
  })
})
