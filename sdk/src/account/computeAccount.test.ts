import { p256 } from '@noble/curves/p256'
import { decodeAbiParameters, hexToBigInt, parseAbiParameters, slice, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { decodeAccountCalls, encodeAccountCalls } from './computeAccountCalls.ts'
import { toOwnerBytes } from './ownerBytes.ts'
import { encodeWebAuthnSignature } from './webAuthnSignature.ts'

const addressOf = (digit: string) => `0x${digit.repeat(40)}` as const

describe('calls of a ComputeAccount', () => {
  it('are read back as they were written, one or many', () => {
    const one = [{ to: addressOf('1'), data: '0x1234', value: 5n }] as const
    const many = [...one, { to: addressOf('2'), data: '0x', value: 0n }] as const
    for (const calls of [one, many]) expect(decodeAccountCalls(encodeAccountCalls(calls))).toEqual(calls)
  })

  it('may leave out data and value', () => {
    expect(decodeAccountCalls(encodeAccountCalls([{ to: addressOf('1') }]))).toEqual([
      { to: addressOf('1'), data: '0x', value: 0n },
    ])
  })

  it('are not read out of what else the account can be told', () => {
    expect(() => decodeAccountCalls('0x13af4035')).toThrow()
  })
})

describe('the owner of a ComputeAccount', () => {
  const publicKey = toHex(p256.getPublicKey(1n, false))

  it('is an address, or a key that has one', () => {
    expect(toOwnerBytes(addressOf('a'))).toBe(addressOf('a'))
    const key = privateKeyToAccount(`0x${'11'.repeat(32)}`)
    expect(toOwnerBytes(key)).toBe(key.address)
  })

  it('is the two coordinates of a passkey, however they are written', () => {
    const coordinates = slice(publicKey, 1)
    expect(toOwnerBytes(publicKey)).toBe(coordinates)
    expect(toOwnerBytes(coordinates)).toBe(coordinates)
    expect(toOwnerBytes({ publicKey })).toBe(coordinates)
  })

  it('is nothing else', () => {
    expect(() => toOwnerBytes('0x1234')).toThrow('cannot own an account')
    expect(() => toOwnerBytes({ publicKey: `0x02${'11'.repeat(64)}` })).toThrow('cannot own an account')
  })
})

describe('the signature of a passkey', () => {
  const assertion = parseAbiParameters([
    'Assertion assertion',
    'struct Assertion { bytes authenticatorData; string clientDataJSON; uint256 challengeIndex; uint256 typeIndex; bytes32 r; bytes32 s; }',
  ])
  const order = p256.CURVE.n
  const encode = (s: bigint) => {
    const encoded = encodeWebAuthnSignature({
      signature: `${toHex(7n, { size: 32 })}${toHex(s, { size: 32 }).slice(2)}`,
      webauthn: {
        authenticatorData: '0x05',
        clientDataJSON: '{"type":"webauthn.get","challenge":"abc"}',
        challengeIndex: 23,
        typeIndex: 1,
        userVerificationRequired: true,
      },
    })
    return decodeAbiParameters(assertion, encoded)[0]
  }

  it('has the lower s, which alone the contract takes', () => {
    expect(hexToBigInt(encode(5n).s)).toBe(5n)
    expect(hexToBigInt(encode(order - 5n).s)).toBe(5n)
  })

  it('says where the contract finds challenge and type', () => {
    expect(encode(5n)).toMatchObject({ challengeIndex: 23n, typeIndex: 1n, r: toHex(7n, { size: 32 }) })
  })
})
