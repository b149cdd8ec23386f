import pino from 'pino'
import { createPublicClient, http, type PublicClient } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Anvil, startAnvil } from '../testing/startAnvil.ts'
import type { ChainUpdate } from './block.ts'
import { type ChainFollower, type ChainFollowerOptions, createChainFollower } from './chainFollower.ts'

const logger = pino({ level: 'silent' })
const impatient = { quietMilliseconds: 0, lossMilliseconds: 0 }
let anvil: Anvil
let follower: ChainFollower | undefined

beforeEach(async () => {
  anvil = await startAnvil()
})
afterEach(async () => {
  await follower?.stop()
  await anvil.stop()
})

/** Follows with its own timer out of the way, so that the test decides when to look. */
async function follow(
  resumeFrom?: { number: bigint; hash: `0x${string}` },
  given: Partial<ChainFollowerOptions> = {},
) {
  const updates: ChainUpdate[] = []
  const client = createPublicClient({ transport: http(anvil.url) }) as PublicClient
  const started = createChainFollower({
    client,
    pollMilliseconds: 1_000_000,
    memoryBlocks: 32,
    patience: { quietMilliseconds: 1e9, lossMilliseconds: 1e9 },
    resumeFrom: () => resumeFrom,
    logger,
    ...given,
  })
  started.listen(update => void updates.push(update))
  await started.start()
  follower = started
  return { follower: started, updates }
}

const numbers = (blocks: readonly { number: bigint }[]): number[] => blocks.map(block => Number(block.number))

describe('following the chain', () => {
  it('tells of every block once, oldest first, also when several came at once', async () => {
    const { follower, updates } = await follow()
    await anvil.client.mine({ blocks: 3 })
    await follower.poll()
    await follower.poll()
    expect(updates.map(update => numbers(update.added))).toEqual([[1, 2, 3]])
    expect(follower.head().number).toBe(3n)
  })

  it('knows of every block that was there when it was asked, even in the middle of another look', async () => {
    const { follower } = await follow()
    let release: (() => void) | undefined
    const reached = new Promise<void>(entered => {
      follower.listen(async () => {
        if (release !== undefined) return
        await new Promise<void>(resolve => {
          release = resolve
          entered()
        })
      })
    })
    await anvil.client.mine({ blocks: 1 })
    const first = follower.poll()
    await reached
    await anvil.client.mine({ blocks: 1 })
    const second = follower.poll()
    release?.()
    await Promise.all([first, second])
    expect(follower.head().number).toBe(2n)
  })

  it('tells nobody anything after its stop, whoever asked it to look before', async () => {
    const { follower } = await follow()
    const seen: number[] = []
    let release = (): void => undefined
    const reached = new Promise<void>(entered => {
      follower.listen(async ({ added }) => {
        seen.push(...numbers(added))
        await new Promise<void>(resolve => {
          release = resolve
          entered()
        })
      })
    })
    await anvil.client.mine({ blocks: 1 })
    const first = follower.poll()
    await reached
    await anvil.client.mine({ blocks: 1 })
    const second = follower.poll()
    const stopped = follower.stop()
    release()
    await Promise.all([first, second, stopped, follower.poll()])
    expect(seen).toEqual([1])
  })

  it('takes a reorg back by hash, newest first, and then gives the other branch', async () => {
    const { follower, updates } = await follow()
    await anvil.client.mine({ blocks: 5 })
    await follower.poll()
    const before = follower.head()
    await anvil.client.request({ method: 'anvil_reorg', params: [3, []] } as never)
    await anvil.client.mine({ blocks: 1 })
    await follower.poll()
    const reorg = updates.at(-1)
    expect(numbers(reorg?.removed ?? [])).toEqual([5, 4, 3])
    expect(numbers(reorg?.added ?? [])).toEqual([3, 4, 5, 6])
    expect(reorg?.added[2]?.hash).not.toBe(before.hash)
  })

  it('takes a reorg back that comes right after the start, before any other block', async () => {
    await anvil.client.mine({ blocks: 10 })
    const { follower, updates } = await follow()
    await anvil.client.request({ method: 'anvil_reorg', params: [4, []] } as never)
    await follower.poll()
    expect(numbers(updates[0]?.removed ?? [])).toEqual([10, 9, 8, 7])
    expect(numbers(updates[0]?.added ?? [])).toEqual([7, 8, 9, 10])
  })

  it('takes up after a restart at the block it knew and misses none', async () => {
    await anvil.client.mine({ blocks: 2 })
    const known = await createPublicClient({ transport: http(anvil.url) }).getBlock({ blockNumber: 2n })
    await anvil.client.mine({ blocks: 200 })
    const { updates } = await follow({ number: 2n, hash: known.hash })
    expect(updates.flatMap(update => numbers(update.added))).toEqual(
      Array.from({ length: 200 }, (_, i) => i + 3),
    )
  })

  it('asks a listener that failed again, so that no block is lost on it', async () => {
    const { follower } = await follow()
    const seen: number[] = []
    let failing = true
    follower.listen(update => {
      if (failing) throw new Error('the disk is full')
      seen.push(...numbers(update.added))
    })
    await anvil.client.mine({ blocks: 1 })
    await expect(follower.poll()).rejects.toThrow('the disk is full')
    failing = false
    await follower.poll()
    expect(seen).toEqual([1])
  })

  it('takes one that shows less than before for one that lags, and says so when it lags for long', async () => {
    const { follower, updates } = await follow(undefined, {
      patience: { quietMilliseconds: 0, lossMilliseconds: 1e9 },
    })
    await anvil.client.mine({ blocks: 2 })
    const state = await anvil.client.snapshot()
    await anvil.client.mine({ blocks: 8 })
    await follower.poll()
    expect(follower.shortfall()).toBeUndefined()
    await anvil.client.revert({ id: state })
    for (let look = 0; look < 10; look++) await follower.poll()
    expect(follower.head().number).toBe(10n)
    expect(follower.shortfall()).toMatchObject({ nodeNumber: 2n, knownNumber: 10n })
    expect(updates).toHaveLength(1)
  })

  it('keeps silent about one that lags for a moment', async () => {
    const { follower } = await follow(undefined, {
      patience: { quietMilliseconds: 1e9, lossMilliseconds: 1e9 },
    })
    const state = await anvil.client.snapshot()
    await anvil.client.mine({ blocks: 2 })
    await follower.poll()
    await anvil.client.revert({ id: state })
    await follower.poll()
    expect(follower.shortfall()).toBeUndefined()
  })

  it('takes the blocks back that a node has lost, once its patience is at an end', async () => {
    const { follower, updates } = await follow(undefined, { patience: impatient })
    await anvil.client.mine({ blocks: 2 })
    const state = await anvil.client.snapshot()
    await anvil.client.mine({ blocks: 3 })
    await follower.poll()
    await anvil.client.revert({ id: state })
    for (let look = 0; look < 4; look++) await follower.poll()
    expect(numbers(updates.at(-1)?.removed ?? [])).toEqual([5, 4, 3])
    expect(updates.at(-1)).toMatchObject({ added: [], head: { number: 2n } })
    expect(follower.head().number).toBe(2n)
    expect(follower.shortfall()).toBeUndefined()
    await anvil.client.mine({ blocks: 1 })
    await follower.poll()
    expect(numbers(updates.at(-1)?.added ?? [])).toEqual([3])
  })

  it('starts over where nothing of the chain is remembered, and tells the listeners that', async () => {
    const { follower, updates } = await follow(undefined, { patience: impatient, memoryBlocks: 8 })
    await anvil.client.mine({ blocks: 2 })
    const state = await anvil.client.snapshot()
    await anvil.client.mine({ blocks: 30 })
    await follower.poll()
    await anvil.client.revert({ id: state })
    for (let look = 0; look < 4; look++) await follower.poll()
    expect(updates.at(-1)).toMatchObject({ isBeyondMemory: true, added: [], head: { number: 2n } })
    await anvil.client.mine({ blocks: 2 })
    await follower.poll()
    expect(numbers(updates.at(-1)?.added ?? [])).toEqual([3, 4])
  })

  it('does not stand still at a reorg deeper than its memory', async () => {
    const { follower, updates } = await follow(undefined, { patience: impatient, memoryBlocks: 8 })
    await anvil.client.mine({ blocks: 30 })
    await follower.poll()
    await anvil.client.request({ method: 'anvil_reorg', params: [20, []] } as never)
    await anvil.client.mine({ blocks: 1 })
    for (let look = 0; look < 4; look++) await follower.poll()
    expect(updates.at(-1)).toMatchObject({ isBeyondMemory: true, head: { number: 31n } })
    await anvil.client.mine({ blocks: 1 })
    await follower.poll()
    expect(numbers(updates.at(-1)?.added ?? [])).toEqual([32])
  })
})
