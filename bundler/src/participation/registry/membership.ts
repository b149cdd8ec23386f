// Who is registered, and is this node? Read at the start, when a new table of leaders has come, and every few blocks:
// what changes meanwhile leads no window before the next table.
import type { BlockReference } from '@worldland-aa/service/chain/block'
import type { Address } from 'viem'
import type { RegisteredBundler, RegistryReader } from './registryReader.ts'

export type Membership = {
  all(): readonly RegisteredBundler[]
  bundler(bundlerId: number): RegisteredBundler | undefined
  /** This node; undefined while its key is not registered. */
  own(): RegisteredBundler | undefined
  /** Executors of this node that are not registered under its id. */
  strangers(): readonly Address[]
  /** Reads it all if it is due at `head`, or `isForced`. Throws when the node does not answer. */
  read(head: BlockReference, isForced: boolean): Promise<void>
  /** A reorg may have changed it. */
  forget(): void
}

/** Blocks after which addresses, stakes and strikes are read again, and after which everybody's are. */
const ownEveryBlocks = 16n
const allEveryBlocks = 64n

export function createMembership(options: {
  readonly reader: RegistryReader
  /** Undefined for a node without a key. */
  readonly nodeKey: Address | undefined
  readonly executors: readonly Address[]
}): Membership {
  const { reader, nodeKey, executors } = options
  let bundlers: ReadonlyMap<number, RegisteredBundler> = new Map()
  let ownId = 0
  let strangers: readonly Address[] = executors
  let count = -1
  let readAt: { readonly own: bigint; readonly all: bigint } | undefined

  async function readOwn({ hash }: BlockReference): Promise<void> {
    const [key, ...ids] = await Promise.all([
      nodeKey === undefined ? 0 : reader.bundlerOfKey(nodeKey, hash),
      ...executors.map(executor => reader.bundlerOfExecutor(executor, hash)),
    ])
    ownId = key
    strangers = executors.filter((_, index) => ownId === 0 || ids[index] !== ownId)
    const own = ownId === 0 ? undefined : await reader.bundler(ownId, hash)
    if (own !== undefined) bundlers = new Map([...bundlers, [ownId, own]])
  }

  return {
    all: () => [...bundlers.values()],
    bundler: bundlerId => bundlers.get(bundlerId),
    own: () => bundlers.get(ownId),
    strangers: () => strangers,
    async read(head, isForced) {
      const isOwnDue = readAt === undefined || head.number - readAt.own >= ownEveryBlocks
      if (!isForced && !isOwnDue) return
      const counted = await reader.bundlerCount(head.hash)
      const isAllDue = readAt === undefined || counted !== count || head.number - readAt.all >= allEveryBlocks
      if (isForced || isAllDue) {
        const all = await reader.bundlers(head.hash)
        bundlers = new Map(all.map(one => [one.bundlerId, one]))
      }
      await readOwn(head)
      count = counted
      readAt = { own: head.number, all: isForced || isAllDue ? head.number : (readAt?.all ?? head.number) }
    },
    forget() {
      readAt = undefined
    },
  }
}
