import fc from 'fast-check'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import type { TypedDataSigner } from '../account/typedDataSigner.ts'
import { accessKeyStore } from './accessKeyStore.ts'
import { deriveSealingKey } from './deriveSealingKey.ts'
import { createSealingKey, toSealingKey } from './sealingKey.ts'
import { sealKeyOf, withSealKey } from './sealKeyUri.ts'

const contracts = { instanceLease: '0x1111111111111111111111111111111111111111' } as const
const place = { contracts, chainId: 103 }

describe('a derived sealing key', () => {
  const signer = privateKeyToAccount(`0x${'11'.repeat(32)}`)

  it('is the same each time, and another for another owner, market, chain and index', async () => {
    const key = await deriveSealingKey({ ...place, signer })
    expect(await deriveSealingKey({ ...place, signer })).toEqual(key)
    const others = await Promise.all([
      deriveSealingKey({ ...place, signer: privateKeyToAccount(`0x${'12'.repeat(32)}`) }),
      deriveSealingKey({ ...place, signer, chainId: 1 }),
      deriveSealingKey({ ...place, signer, index: 1 }),
      deriveSealingKey({
        ...place,
        signer,
        contracts: { ...contracts, instanceLease: '0x2222222222222222222222222222222222222222' },
      }),
    ])
    expect(new Set([key, ...others].map(({ publicKey }) => publicKey)).size).toBe(5)
  })

  it('is the same whether the wallet writes the recovery byte as 27 or as 0', async () => {
    const old: TypedDataSigner = {
      address: signer.address,
      signTypedData: async typedData => {
        const signature = await signer.signTypedData(typedData as never)
        return `${signature.slice(0, 130)}${signature.endsWith('1b') ? '00' : '01'}` as `0x${string}`
      },
    }
    expect(await deriveSealingKey({ ...place, signer: old })).toEqual(
      await deriveSealingKey({ ...place, signer }),
    )
  })

  it('is refused to who signs differently each time, and to passkeys', async () => {
    let count = 0
    const fickle: TypedDataSigner = {
      address: signer.address,
      signTypedData: async () => `0x${(++count).toString(16).padEnd(130, '0')}`,
    }
    await expect(deriveSealingKey({ ...place, signer: fickle })).rejects.toThrow('differently each time')
    const passkey = {
      address: signer.address,
      signTypedData: async () => ({ signature: '0x', webauthn: {} }),
    }
    await expect(
      deriveSealingKey({ ...place, signer: passkey as unknown as TypedDataSigner }),
    ).rejects.toThrow('signature of secp256k1')
  })
})

describe('a store of access keys', () => {
  it('finds a key again by its public key, in what the caller gave it to keep them', async () => {
    const items = new Map<string, string>()
    const storage = {
      getItem: (name: string) => items.get(name) ?? null,
      setItem: async (name: string, value: string) => void items.set(name, value),
    }
    const key = await accessKeyStore({ storage }).create()
    expect(await accessKeyStore({ storage }).find(key.publicKey)).toEqual(key)
    expect(await accessKeyStore({ storage }).find(createSealingKey().publicKey)).toBeUndefined()
    const exported = JSON.parse(JSON.stringify(createSealingKey()))
    await accessKeyStore({ storage }).keep(exported)
    expect(await accessKeyStore({ storage }).find(exported.publicKey)).toEqual(exported)
    expect(items.size).toBe(2)
  })

  it('never shows a private key in what it says of it', () => {
    expect(() => toSealingKey('0x1234')).toThrow('The private key is not 32 bytes of hex.')
    expect(() => toSealingKey('0x1234')).not.toThrow('1234')
  })
})

describe("a provider's key in its metadata URI", () => {
  const { publicKey } = createSealingKey()

  it('is read as it was put there, and is the last one that was', () => {
    const uris = fc.oneof(
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.constantFrom('', 'data:application/json,{"name":"A"}', 'ipfs://bafy'),
    )
    fc.assert(
      fc.property(uris, uri => {
        const once = withSealKey(uri, publicKey)
        expect(sealKeyOf(once)).toBe(publicKey)
        expect(once.split('#')[0]).toBe(uri.split('#')[0])
        const { publicKey: next } = createSealingKey()
        expect(sealKeyOf(withSealKey(once, next))).toBe(next)
      }),
      { numRuns: 50 },
    )
  })

  it('is none if it is missing or malformed', () => {
    expect(sealKeyOf('https://provider.example/about.json')).toBeUndefined()
    expect(sealKeyOf('https://provider.example/#sealKey=0x12')).toBeUndefined()
    expect(sealKeyOf(`https://provider.example/?sealKey=${publicKey}`)).toBeUndefined()
    expect(() => withSealKey('https://provider.example', '0x12')).toThrow('is not 32 bytes of hex')
  })
})
