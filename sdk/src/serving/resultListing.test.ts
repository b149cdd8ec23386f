// A result's tree is what the files themselves make it, and tells a changed name from the one that was signed.
import { keccak256, stringToBytes } from 'viem'
import { expect, test } from 'vitest'
import { createDataTree } from '../actions/provenance/createDataTree.ts'
import { isDatumIn } from '../actions/provenance/isDatumIn.ts'
import { hashFile } from './hashFile.ts'
import { createResultTree, encodeListing, type ListedFile } from './resultListing.ts'

const chunkBytes = 4_096
const contents = { 'weights.json': 'numbers', 'logs/a.txt': 'lines', 'metrics.json': '{"loss":0.1}' }
const listed = Promise.all(
  Object.entries(contents).map(async ([path, text]): Promise<ListedFile> => {
    const { sizeBytes, hash, root } = await hashFile({ source: stringToBytes(text), chunkBytes })
    return { path, sizeBytes, chunkBytes, hash, root, origin: 'made' }
  }),
)

test('a result has the root of the data tree of its files and its listing', async () => {
  const listing = { files: await listed }
  const data = [...Object.values(contents).map(text => stringToBytes(text)), encodeListing(listing)]
  const tree = createResultTree(listing)
  expect(tree.root).toBe(createDataTree(data).root)
  for (const datum of data) {
    expect(isDatumIn({ root: tree.root, datum, proof: tree.proofOf(keccak256(datum)) })).toBe(true)
  }
  expect(() => tree.proofOf(keccak256('0x00'))).toThrow('No artifact')
  // An inner node is no artifact.
  expect(() => tree.proofOf(tree.root)).toThrow('No artifact')
})

test('two files that exchange their names make another result', async () => {
  const [first, second, third] = (await listed) as [ListedFile, ListedFile, ListedFile]
  const exchanged = [{ ...first, path: second.path }, { ...second, path: first.path }, third]
  expect(createResultTree({ files: exchanged }).root).not.toBe(createResultTree({ files: await listed }).root)
})

test('the order in which files are named does not matter', async () => {
  const files = await listed
  expect(createResultTree({ files: files.toReversed() }).root).toBe(createResultTree({ files }).root)
})
