// Artifacts for sale: what one key wrote it opens, at every size, and nothing that was touched.
import fc from 'fast-check'
import { bytesToHex, bytesToString, hexToBytes } from 'viem'
import { describe, expect, test } from 'vitest'
import { decryptArtifact, encryptArtifact } from './artifactCipher.ts'
import type { ByteSource } from './byteSource.ts'

const key = bytesToHex(Uint8Array.from({ length: 32 }, (_, at) => at))
const mebibyte = 1_048_576

async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return new Uint8Array(Buffer.concat(all))
}
const encrypt = (source: ByteSource) => gather(encryptArtifact({ source, key }))
const decrypt = (source: ByteSource, by = key) => gather(decryptArtifact({ source, key: by }))

describe('an encrypted artifact', () => {
  test('opens what Google’s Tink 1.16.1 wrote with AES256_GCM_HKDF_1MB', async () => {
    const byTink =
      '0x28fc3aa4f89dff87aa9c5bf5a192e48078a101de23032aea31f1cf588ce010e0d135663a57931b707f70e3b860f6860963bcfd54eeabf388c618c62db954d771a02258237168df4bd66406d8eb336e93'
    expect(bytesToString(await decrypt(hexToBytes(byTink)))).toBe('weights of a small model')
  })

  test('comes back whole at every boundary of its megabytes', async () => {
    const first = mebibyte - 40 - 16
    const sizes = [0, 1, first - 1, first, first + 1, first + mebibyte - 16, first + mebibyte - 15]
    for (const size of sizes) {
      const plain = new Uint8Array(size).fill(7)
      expect((await decrypt(await encrypt(plain))).length).toBe(size)
    }
  })

  test('is the same however it is cut into pieces on the way', async () => {
    const plain = Uint8Array.from({ length: mebibyte + 500 }, (_, at) => at % 256)
    const encrypted = await encrypt(plain)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1_000, max: 700_000 }), async step => {
        async function* pieces() {
          for (let at = 0; at < encrypted.length; at += step) yield encrypted.subarray(at, at + step)
        }
        expect(bytesToHex(await decrypt(pieces())) === bytesToHex(plain)).toBe(true)
      }),
      { numRuns: 5 },
    )
  })

  test('does not open with another key, with one bit flipped, cut, lengthened, or with its megabytes exchanged', async () => {
    const encrypted = await encrypt(new Uint8Array(3 * mebibyte))
    const flipped = encrypted.slice()
    flipped[2 * mebibyte] = (flipped[2 * mebibyte] ?? 0) ^ 1
    const exchanged = encrypted.slice()
    exchanged.set(encrypted.subarray(mebibyte, 2 * mebibyte), 2 * mebibyte)
    exchanged.set(encrypted.subarray(2 * mebibyte, 3 * mebibyte), mebibyte)
    const touched = [
      flipped,
      exchanged,
      encrypted.subarray(0, mebibyte),
      encrypted.subarray(0, -1),
      Uint8Array.from([...encrypted.subarray(-10), ...encrypted]),
    ]
    for (const bytes of touched) await expect(decrypt(bytes)).rejects.toThrow(/does not open|no encrypted/)
    await expect(decrypt(encrypted, bytesToHex(new Uint8Array(32)))).rejects.toThrow('does not open')
    await expect(decrypt(new Uint8Array())).rejects.toThrow('no encrypted artifact')
  })
})
