// A file's root proves what is in the file and in what order, and its manifest is read within bounds.
import fc from 'fast-check'
import { type Hex, keccak256, stringToBytes } from 'viem'
import { describe, expect, test } from 'vitest'
import { createDataTree } from '../actions/provenance/createDataTree.ts'
import { isDatumIn } from '../actions/provenance/isDatumIn.ts'
import { splitIntoChunks } from '../actions/provenance/splitIntoChunks.ts'
import { decodeManifest, encodeManifest, type FileManifest, fileRoot } from './fileManifest.ts'

const chunkBytes = 4_096
const manifestOf = (bytes: Uint8Array): FileManifest => ({
  sizeBytes: bytes.length,
  chunkBytes,
  chunkHashes: splitIntoChunks(bytes, { chunkBytes }).map(chunk => keccak256(chunk)),
})
const bytes = Uint8Array.from({ length: 3 * chunkBytes + 77 }, (_, at) => (at * 31 + (at >> 8)) % 251)

describe('a file root', () => {
  test('is that of a data tree of the chunks and the manifest, so that the contract proves each', () => {
    const manifest = manifestOf(bytes)
    const chunks = splitIntoChunks(bytes, { chunkBytes })
    const tree = createDataTree([...chunks, encodeManifest(manifest)])
    const root = fileRoot(manifest)
    expect(root).toBe(tree.root)
    for (const datum of [...chunks, encodeManifest(manifest)]) {
      expect(isDatumIn({ root, datum, proof: tree.proofOf(datum) })).toBe(true)
    }
  })

  test('differs when two chunks change places, though the sorted tree of chunks alone would not', () => {
    const manifest = manifestOf(bytes)
    const [first, second, ...rest] = manifest.chunkHashes as [Hex, Hex, ...Hex[]]
    const swapped = { ...manifest, chunkHashes: [second, first, ...rest] }
    const chunks = splitIntoChunks(bytes, { chunkBytes })
    expect(createDataTree(chunks).root).toBe(createDataTree(chunks.toReversed()).root)
    expect(fileRoot(swapped)).not.toBe(fileRoot(manifest))
  })

  test('is not taken over by a manifest that was planted among the chunks', () => {
    const planted = encodeManifest({
      ...manifestOf(bytes),
      chunkHashes: manifestOf(bytes).chunkHashes.toReversed(),
    })
    const file = new Uint8Array(chunkBytes)
    file.set(planted)
    const decoded = decodeManifest(planted)
    if (decoded === undefined) throw new Error('The planted manifest is none')
    expect(fileRoot(decoded)).not.toBe(fileRoot(manifestOf(file)))
  })

  test('of an empty file is that of its manifest', () => {
    const manifest = manifestOf(new Uint8Array())
    expect(fileRoot(manifest)).toBe(createDataTree([encodeManifest(manifest)]).root)
  })
})

describe('a manifest', () => {
  test('comes back as it was written, whatever the size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 * chunkBytes }), size => {
        const manifest = manifestOf(new Uint8Array(size))
        expect(decodeManifest(encodeManifest(manifest))).toEqual(manifest)
      }),
    )
  })

  test('is refused when it is cut, too long, of another kind, or beyond the bounds', () => {
    const good = encodeManifest(manifestOf(bytes))
    const withSize = (size: bigint) => {
      const changed = good.slice()
      new DataView(changed.buffer).setBigUint64(16, size)
      return changed
    }
    const hostile = [
      good.subarray(0, -1),
      Uint8Array.from([...good, 0]),
      stringToBytes('worldland.file/2 and so on, long enough'),
      new Uint8Array(),
      withSize(2n ** 64n - 1n),
      withSize(0n),
    ]
    for (const manifest of hostile) expect(decodeManifest(manifest)).toBeUndefined()
  })
})
