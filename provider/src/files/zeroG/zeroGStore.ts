// Files on 0G's network, each known by its root. The network serves whole files, so a copy of what was asked for stays on
// this machine; what comes back from strangers is held against the root before a byte of it goes out.
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Outage } from '@worldland-aa/service/outage'
import { type Hex, isHash } from 'viem'
import { exactly, type FileStore, requireFileId } from '../fileStore.ts'
import { writeDraft } from './writeDraft.ts'
import type { ZeroGClient } from './zeroGClient.ts'
import { zeroGRoot } from './zeroGRoot.ts'

/** Above it 0G's client cuts a file into several, each with a root of its own. */
const mostBytes = 4 * 1024 ** 3

export async function openZeroGStore(options: {
  readonly client: ZeroGClient
  /** For copies of what the network holds; it may be emptied at any time. */
  readonly folder: string
}): Promise<FileStore> {
  const { client, folder } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const copyOf = (reference: string): string => {
    if (!isHash(reference)) throw new Error('A file on 0G is not named by a root')
    return join(folder, reference.slice(2).toLowerCase())
  }
  const underWay = new Map<string, Promise<void>>()

  async function fetchCopy(reference: string): Promise<void> {
    const draft = join(await mkdtemp(join(folder, 'draft-')), 'file')
    try {
      await client.download(reference as Hex, draft)
      if ((await zeroGRoot(createReadStream(draft))) !== reference) {
        throw new Error('0G gave another file than the one of this root')
      }
      await rename(draft, copyOf(reference))
    } catch (cause) {
      throw new Outage('The provider’s storage does not answer: try again later', '0G gave no file', {
        cause,
      })
    } finally {
      await rm(join(draft, '..'), { recursive: true, force: true })
    }
  }

  async function withCopy(reference: string): Promise<string> {
    const copy = copyOf(reference)
    if ((await sizeOf(copy)) !== undefined) return copy
    const fetching = underWay.get(reference) ?? fetchCopy(reference).finally(() => underWay.delete(reference))
    underWay.set(reference, fetching)
    await fetching
    return copy
  }

  return {
    name: '0g',
    async put({ id, sizeBytes, bytes }) {
      requireFileId(id)
      if (sizeBytes === 0 || sizeBytes > mostBytes) {
        throw new Outage('This provider keeps files of 1 byte to 4 GiB', '0G takes files of 1 byte to 4 GiB')
      }
      const draft = await writeDraft(folder, exactly(sizeBytes, bytes))
      try {
        const root = await zeroGRoot(createReadStream(draft))
        const given = await client.upload(draft).catch(cause => {
          throw new Outage('The provider’s storage does not answer: try again later', '0G took no file', {
            cause,
          })
        })
        if (given.toLowerCase() !== root) throw new Error(`0G names the file ${given} whose root is ${root}`)
        await rename(draft, copyOf(root))
        return root
      } finally {
        await rm(join(draft, '..'), { recursive: true, force: true })
      }
    },
    async *read(reference, { first, last }) {
      const copy = await withCopy(reference)
      yield* exactly(last - first + 1, createReadStream(copy, { start: first, end: last }))
    },
    async stat(reference) {
      const sizeBytes = await sizeOf(copyOf(reference))
      if (sizeBytes !== undefined) return { sizeBytes }
      if (!(await client.isKnown(reference as Hex))) return undefined
      return { sizeBytes: (await stat(await withCopy(reference))).size }
    },
    async delete(reference) {
      // The network forgets nothing; what is here goes. What never became whole has no root.
      if (isHash(reference)) await rm(copyOf(reference), { force: true })
    },
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return await stat(path).then(
    found => found.size,
    () => undefined,
  )
}
