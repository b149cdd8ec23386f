import { SimpleMerkleTree } from '@openzeppelin/merkle-tree'
import fc from 'fast-check'
import { hexToBytes, keccak256, stringToHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { createDataTree, type Datum, leafOf } from './createDataTree.ts'
import { isDatumIn } from './isDatumIn.ts'
import { splitIntoChunks } from './splitIntoChunks.ts'

const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 })

describe('a data tree', () => {
  it('proves every one of its data, and nothing with one bit flipped', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(bytes, { minLength: 1, maxLength: 20, selector: datum => keccak256(datum) }),
        fc.nat(),
        (data, at) => {
          const tree = createDataTree(data)
          const datum = data[at % data.length] as Uint8Array
          const proof = tree.proofOf(datum)
          expect(isDatumIn({ root: tree.root, datum, proof })).toBe(true)
          const flipped = datum.slice()
          flipped[at % flipped.length] = (flipped[at % flipped.length] ?? 0) ^ 1
          expect(isDatumIn({ root: tree.root, datum: flipped, proof })).toBe(false)
        },
      ),
      { numRuns: 50 },
    )
  })

  it("is OpenZeppelin's, node by node, whatever the data", () => {
    fc.assert(
      fc.property(fc.array(bytes, { minLength: 1, maxLength: 33 }), fc.nat(), (data, at) => {
        const tree = createDataTree(data)
        const theirs = SimpleMerkleTree.of(data.map(leafOf))
        const datum = data[at % data.length] as Uint8Array
        expect(tree.root).toBe(theirs.root)
        const proof = [...tree.proofOf(datum)]
        expect(SimpleMerkleTree.verify(theirs.root, leafOf(datum), proof)).toBe(true)
        expect(
          isDatumIn({ root: tree.root, datum, proof: theirs.getProof(leafOf(datum)) as `0x${string}`[] }),
        ).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  it('takes a proof in capitals, and none with nodes of another length', () => {
    const { root, proofOf } = createDataTree(['0x01', '0x02'])
    const proof = proofOf('0x01')
    const loud = proof.map(node => `0x${node.slice(2).toUpperCase()}` as const)
    expect(isDatumIn({ root, datum: '0x01', proof: loud })).toBe(true)
    expect(isDatumIn({ root, datum: '0x01', proof: [...proof, '0x'] })).toBe(false)
  })

  it('is not built of nothing', () => {
    expect(() => createDataTree([])).toThrow('no data')
  })

  it('does not depend on the order of the data', () => {
    const data = ['one', 'two', 'three'].map(text => stringToHex(text))
    expect(createDataTree(data).root).toBe(createDataTree(data.toReversed()).root)
  })

  it('takes hex and bytes for the same', () => {
    const data: Datum[] = ['0x01', '0x0203']
    expect(createDataTree(data).root).toBe(
      createDataTree(data.map(datum => hexToBytes(datum as `0x${string}`))).root,
    )
  })

  it('of one datum has the hash of its hash as root', () => {
    expect(createDataTree(['0xc0ffee']).root).toBe(keccak256(keccak256('0xc0ffee')))
  })

  it('gives no proof of what is not in it', () => {
    expect(() => createDataTree(['0x01']).proofOf('0x02')).toThrow()
  })
})

describe('splitIntoChunks', () => {
  it('gives back all bytes, in pieces of the size asked for', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.integer({ min: 1, max: 120 }), (all, chunkBytes) => {
        const chunks = splitIntoChunks(all, { chunkBytes })
        expect(chunks.flatMap(chunk => [...chunk])).toEqual([...all])
        for (const chunk of chunks.slice(0, -1)) expect(chunk.length).toBe(chunkBytes)
      }),
    )
  })

  it('refuses a size that is none', () => {
    expect(() => splitIntoChunks(new Uint8Array(3), { chunkBytes: 0 })).toThrow('chunkBytes')
  })
})
