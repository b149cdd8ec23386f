import pino from 'pino'
import { createPublicClient, http, type PublicClient } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Anvil, startAnvil } from '../testing/startAnvil.ts'
import type { ChainUpdate } from './block.ts'
import { type ChainFollower, createChainFollower } from './chainFollower.ts'

const logger = pino({ level: 'silent' })
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
async function follow(resumeFrom?: { number: bigint; hash: `0x${string}` }) {
  const updates: ChainUpdate[] = []
  const client = createPublicClient({ transport: http(anvil.url) }) as PublicClient
  const started = createChainFollower({
    client,
    pollMilliseconds: 1_000_000,
    memoryBlocks: 32,
    resumeFrom: () => resumeFrom,
    logger,
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
})
