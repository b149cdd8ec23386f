import { inclusionPromiseTypes } from '@worldland-aa/sdk/protocol/bundling'
import fc from 'fast-check'
import { type Address, type Hex, keccak256, numberToHex, recoverTypedDataAddress } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { signerOfPromise, signPromise } from './signPromise.ts'

const nodeKey = generatePrivateKey()
const court: Address = '0x00000000000000000000000000000000000c0047'
const promise = {
  bundlerId: 7,
  userOpHash: keccak256('0x01'),
  sender: '0x0000000000000000000000000000000000000005' as Address,
  nonce: 2n ** 64n,
  latestBlock: 1_234n,
  maxBaseFeePerGas: 5n,
}

describe('a signed promise', () => {
  it("is the node key's, as any wallet recovers it", async () => {
    const { signature } = signPromise(promise, { chainId: 103, court }, nodeKey)
    const signer = await recoverTypedDataAddress({
      domain: { name: 'WorldlandBundling', version: '1', chainId: 103, verifyingContract: court },
      types: inclusionPromiseTypes,
      primaryType: 'InclusionPromise',
      message: promise,
      signature,
    })
    expect(signer).toBe(privateKeyToAddress(nodeKey))
    expect(signerOfPromise({ promise, signature }, { chainId: 103, court })).toBe(signer)
  })

  it('says nothing else, and nothing before another court or chain', () => {
    const domain = { chainId: 103, court }
    const { signature } = signPromise(promise, domain, nodeKey)
    const signer = privateKeyToAddress(nodeKey)
    const changed = fc.constantFrom<Partial<typeof promise>>(
      { bundlerId: 8 },
      { userOpHash: keccak256('0x02') },
      { sender: court },
      { nonce: 1n },
      { latestBlock: 1_235n },
      { maxBaseFeePerGas: 4n },
    )
    fc.assert(
      fc.property(changed, change => {
        expect(signerOfPromise({ promise: { ...promise, ...change }, signature }, domain)).not.toBe(signer)
      }),
    )
    expect(signerOfPromise({ promise, signature }, { chainId: 104, court })).not.toBe(signer)
    expect(signerOfPromise({ promise, signature }, { chainId: 103, court: promise.sender })).not.toBe(signer)
  })

  it('is nobody’s where the signature is none, or one that the court does not take', () => {
    const domain = { chainId: 103, court }
    const { signature } = signPromise(promise, domain, nodeKey)
    const v0 = `${signature.slice(0, 130)}${signature.endsWith('1b') ? '00' : '01'}` as Hex
    for (const bad of ['0x', `${signature}00`, v0, numberToHex(0, { size: 65 })] as const) {
      expect(signerOfPromise({ promise, signature: bad as Hex }, domain)).toBeUndefined()
    }
  })
})
