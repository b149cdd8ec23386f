import { setTimeout as sleep } from 'node:timers/promises'
import { type Hex, hexToBytes, numberToHex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { afterEach, describe, expect, it } from 'vitest'
import { recoverSigner } from './recoverSigner.ts'
import { signDigest } from './signDigest.ts'
import { createSignerThread, type SignerThread } from './signerThread.ts'

let thread: SignerThread
afterEach(() => thread.stop())

const word = (value: number): Hex => numberToHex(value + 1, { size: 32 })
const signed = Array.from({ length: 40 }, (_, at) => {
  const digest = hexToBytes(word(at * 7))
  return { digest, signature: signDigest(word(at), digest), signer: privateKeyToAddress(word(at)) }
})
const wrong = { digest: hexToBytes(word(1)), signature: '0x1234' as Hex }

async function signersOf(): Promise<readonly (Hex | undefined)[]> {
  return await Promise.all(signed.map(({ digest, signature }) => thread.signerOf(digest, signature)))
}

describe('the thread that recovers signers', () => {
  it('answers each what was asked, from its first moment on, also what nobody signed', async () => {
    thread = createSignerThread()
    const expected = signed.map(({ signer }) => signer.toLowerCase())
    // Of its own accord before the thread is there, and by the thread after.
    for (let round = 0; round < 5; round++) {
      const [signers, none] = await Promise.all([signersOf(), thread.signerOf(wrong.digest, wrong.signature)])
      expect(signers).toEqual(expected)
      expect(none).toBeUndefined()
      await sleep(100)
    }
  })

  it('leaves nobody without an answer when it is stopped meanwhile, or has been', async () => {
    thread = createSignerThread()
    await signersOf()
    await sleep(500)
    const asked = signersOf()
    await new Promise(setImmediate)
    await thread.stop()
    const expected = signed.map(({ digest, signature }) => recoverSigner(digest, signature))
    expect(await asked).toEqual(expected)
    expect(await signersOf()).toEqual(expected)
  })
})
