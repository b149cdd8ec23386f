// Our root of a file is the one that 0G's own client computes, around every boundary of its trees.
import { MemData } from '@0gfoundation/0g-ts-sdk'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOfLength, piecesOf } from '../testing/storeContract.ts'
import { zeroGRoot } from './zeroGRoot.ts'

const segment = 262_144
const around = (length: number): readonly number[] => [length - 1, length, length + 1]

async function rootByTheirs(bytes: Uint8Array): Promise<string | null | undefined> {
  const [tree, error] = await new MemData(bytes).merkleTree()
  if (error !== null) throw error
  return tree?.rootHash()
}

describe('the root of 0G', () => {
  test.each([
    1,
    31,
    32,
    ...around(256),
    ...around(512),
    ...around(768),
    ...around(2_304),
    ...around(4_096),
    ...around(4_352),
    ...around(8_192),
    ...around(65_536),
    ...around(segment),
    ...around(segment + 256),
    ...around(segment * 1.5),
    ...around(segment * 2),
    ...around(segment * 3),
    ...around(segment * 4),
    ...around(segment * 5),
    ...around(segment * 8),
    ...around(segment * 16),
    ...around(segment * 17),
    ...around(segment * 17 + 256),
  ])('of %i bytes is that of @0gfoundation/0g-ts-sdk 1.2.8', async size => {
    const bytes = bytesOfLength(size)
    expect(await zeroGRoot(bytes)).toBe(await rootByTheirs(bytes))
  })

  test('is the same however the bytes come, for any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 * segment }), async size => {
        const bytes = bytesOfLength(size)
        expect(await zeroGRoot(piecesOf(bytes, 70_001))).toBe(await rootByTheirs(bytes))
      }),
      { numRuns: 12 },
    )
  })

  test('of nothing is refused: 0G stores no empty file', async () => {
    await expect(zeroGRoot(new Uint8Array())).rejects.toThrow('no empty file')
  })
})
