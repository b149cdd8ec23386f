import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { type Hex, hexToBytes, numberToHex } from 'viem'
import { afterEach, describe, expect, it } from 'vitest'
import { signDigest } from './signDigest.ts'
import { createSigningThread, type SigningThread } from './signingThread.ts'

let thread: SigningThread
afterEach(() => thread.stop())

const key = fc.bigInt({ min: 1n, max: 2n ** 255n }).map(value => numberToHex(value, { size: 32 }))
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 })
const asked = fc.array(fc.tuple(key, digest), { minLength: 1, maxLength: 8 })
const noKey = numberToHex(0n, { size: 32 })
const some = Array.from({ length: 20 }, (_, at) => [word(at + 1), hexToBytes(word(at * 7))] as const)

function word(value: number): Hex {
  return numberToHex(value, { size: 32 })
}

function signAll(all: readonly (readonly [Hex, Uint8Array])[]): Promise<readonly Hex[]> {
  return Promise.all(all.map(([privateKey, digest]) => thread.sign(privateKey, digest)))
}

describe('the thread that signs', () => {
  it('gives to each, however many ask at once, the signature that its key makes of its digest', async () => {
    thread = createSigningThread()
    await fc.assert(
      fc.asyncProperty(asked, async all => {
        expect(await signAll(all)).toEqual(all.map(([privateKey, digest]) => signDigest(privateKey, digest)))
      }),
      // Those at the beginning come before the thread is there.
      { numRuns: 200 },
    )
  })

  it('refuses what is no key, and signs for those who asked beside it', async () => {
    thread = createSigningThread()
    await signAll(some)
    await sleep(500)
    const [refused, ...signed] = await Promise.allSettled([
      thread.sign(noKey, hexToBytes(word(1))),
      ...some.map(([privateKey, digest]) => thread.sign(privateKey, digest)),
    ])
    expect(refused).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringContaining('none of secp256k1') },
    })
    expect(signed).toEqual(
      some.map(([privateKey, digest]) => ({ status: 'fulfilled', value: signDigest(privateKey, digest) })),
    )
  })

  it('leaves nobody without a signature when it is stopped meanwhile, or has been', async () => {
    thread = createSigningThread()
    await signAll(some)
    await sleep(500)
    const waiting = signAll(some)
    await new Promise(setImmediate)
    await thread.stop()
    const expected = some.map(([privateKey, digest]) => signDigest(privateKey, digest))
    expect(await waiting).toEqual(expected)
    expect(await signAll(some)).toEqual(expected)
  })
})
