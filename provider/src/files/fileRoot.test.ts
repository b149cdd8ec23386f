// The provider's root of a file is the one that the SDK, and so the contract, computes.
import { createDataTree } from '@worldland-aa/sdk/actions/provenance/createDataTree'
import { fileRoot } from '@worldland-aa/sdk/serving/fileManifest'
import fc from 'fast-check'
import { bytesToHex, keccak256 } from 'viem'
import { expect, test } from 'vitest'
import { hashAt, rootOfData, rootOfFile } from './fileRoot.ts'

const chunkBytes = 4_096

test('a file has the same root here and in the SDK, whatever the number of its chunks', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 70 }), hashes => {
      const sizeBytes = hashes.length * chunkBytes
      const chunkHashes = new Uint8Array(Buffer.concat(hashes))
      expect(rootOfFile({ sizeBytes, chunkBytes, chunkHashes })).toBe(
        fileRoot({ sizeBytes, chunkBytes, chunkHashes: hashes.map(hash => bytesToHex(hash)) }),
      )
      for (const [at, hash] of hashes.entries()) expect(hashAt(chunkHashes, at)).toEqual(hash)
    }),
  )
})

test('data have the root of createDataTree', () => {
  const data = fc.array(fc.uint8Array({ maxLength: 9 }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(data, all => {
      expect(rootOfData(all.map(datum => keccak256(datum, 'bytes')))).toBe(createDataTree(all).root)
    }),
  )
})
