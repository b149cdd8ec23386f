import { secp256k1 } from '@noble/curves/secp256k1'
import { keccak256, toHex } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { createPurchaseKey } from './createPurchaseKey.ts'
import { publicPoint, sharedPoint } from './curvePoint.ts'
import { hashModelKey } from './modelSeal.ts'
import { openSealedKey } from './openSealedKey.ts'
import { sealKey } from './sealKey.ts'

describe('a sealed key', () => {
  it('is opened by the buyer it was sealed to', () => {
    const key = generatePrivateKey()
    const { privateKey, buyerKey } = createPurchaseKey()
    const sealed = sealKey({ key, buyerKey })
    expect(sealed.sealedKey).not.toBe(key)
    expect(openSealedKey({ privateKey, sealed, keyHash: hashModelKey(key) })).toEqual({
      key,
      isPromised: true,
    })
  })

  it('is of no use to anybody else', () => {
    const key = generatePrivateKey()
    const sealed = sealKey({ key, buyerKey: createPurchaseKey().buyerKey })
    const opened = openSealedKey({
      privateKey: createPurchaseKey().privateKey,
      sealed,
      keyHash: hashModelKey(key),
    })
    expect(opened.isPromised).toBe(false)
  })

  it('is seen through when it is not the promised one', () => {
    const { privateKey, buyerKey } = createPurchaseKey()
    const sealed = sealKey({ key: generatePrivateKey(), buyerKey })
    expect(
      openSealedKey({ privateKey, sealed, keyHash: hashModelKey(generatePrivateKey()) }).isPromised,
    ).toBe(false)
  })

  it('keeps its leading zeros', () => {
    const key = `0x${'1'.padStart(64, '0')}` as const
    const { privateKey, buyerKey } = createPurchaseKey()
    const sealed = sealKey({ key, buyerKey })
    expect(openSealedKey({ privateKey, sealed, keyHash: hashModelKey(key) }).key).toBe(key)
  })
})

describe('points of the curve', () => {
  it('have the address of their private key', () => {
    const privateKey = generatePrivateKey()
    const { x, y } = publicPoint(privateKey)
    const bytes = keccak256(`${toHex(x, { size: 32 })}${toHex(y, { size: 32 }).slice(2)}`)
    expect(`0x${bytes.slice(-40)}`).toBe(privateKeyToAddress(privateKey).toLowerCase())
  })

  it('are found shared from both sides', () => {
    const [left, right] = [createPurchaseKey(), createPurchaseKey()]
    expect(sharedPoint({ privateKey: left.privateKey, point: right.buyerKey })).toEqual(
      sharedPoint({ privateKey: right.privateKey, point: left.buyerKey }),
    )
  })

  it('are refused when they do not lie on it', () => {
    const { privateKey } = createPurchaseKey()
    expect(() => sharedPoint({ privateKey, point: { x: 1n, y: 1n } })).toThrow('no point of secp256k1')
  })

  it('take no key that is none, and do not repeat it', () => {
    const order = toHex(secp256k1.CURVE.n, { size: 32 })
    for (const privateKey of ['0x00', toHex(0n, { size: 32 }), order] as const) {
      expect(() => publicPoint(privateKey)).toThrow('not 32 bytes')
    }
    expect(() => publicPoint(order)).not.toThrow(order)
  })
})
