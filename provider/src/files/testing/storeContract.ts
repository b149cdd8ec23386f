// What every store of files owes, told once and asked of each.
import { expect, test } from 'vitest'
import type { FileStore } from '../fileStore.ts'

const id = 'ab'.repeat(16)
const other = 'cd'.repeat(16)

export async function* piecesOf(bytes: Uint8Array, step = 100_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
}

export async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}

export function bytesOfLength(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 2_654_435_761) >>> 24))
}

/** `wholeBytes`: so large that the store cuts it, where it cuts. */
export function keepsFiles(storeOf: () => FileStore, wholeBytes: number): void {
  const put = (key: string, bytes: Uint8Array) =>
    storeOf().put({ id: key, sizeBytes: bytes.length, bytes: piecesOf(bytes) })

  test('gives back what it was given, whole and by ranges', async () => {
    const bytes = bytesOfLength(wholeBytes)
    const store = storeOf()
    const reference = await put(id, bytes)
    expect(await store.stat(reference)).toEqual({ sizeBytes: wholeBytes })
    const ranges = [
      { first: 0, last: wholeBytes - 1 },
      { first: 0, last: 1 },
      { first: wholeBytes - 1, last: wholeBytes - 1 },
      { first: 4_097, last: 70_000 },
    ]
    for (const range of ranges) {
      const read = await gather(store.read(reference, range))
      expect(read.equals(bytes.subarray(range.first, range.last + 1))).toBe(true)
    }
  })

  test('takes an empty file', async () => {
    const reference = await put(other, new Uint8Array())
    expect(await storeOf().stat(reference)).toEqual({ sizeBytes: 0 })
  })

  test('keeps nothing of a file that ends early, or goes on too long', async () => {
    const store = storeOf()
    const bytes = bytesOfLength(wholeBytes)
    for (const sizeBytes of [bytes.length + 1, bytes.length - 1]) {
      const key = 'ef'.repeat(16)
      await expect(store.put({ id: key, sizeBytes, bytes: piecesOf(bytes) })).rejects.toThrow('bytes')
      expect(await store.stat(key)).toBeUndefined()
    }
  })

  test('forgets a file when told, and one that it never had', async () => {
    const store = storeOf()
    const reference = await put(id, bytesOfLength(10))
    await store.delete(reference)
    await store.delete(reference)
    expect(await store.stat(reference)).toBeUndefined()
    await expect(gather(store.read(reference, { first: 0, last: 9 }))).rejects.toThrow()
  })

  test('attack, path traversal: takes no name but its own', async () => {
    for (const name of ['../provider.sqlite', '..', '', 'a/b', `${'ab'.repeat(15)}./`, `${id}\0`]) {
      await expect(
        storeOf().put({ id: name, sizeBytes: 1, bytes: piecesOf(new Uint8Array(1)) }),
      ).rejects.toThrow('32 hex digits')
      await expect(gather(storeOf().read(name, { first: 0, last: 0 }))).rejects.toThrow()
    }
  })
}
