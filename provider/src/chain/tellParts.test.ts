// What came to the chain reaches every part, whatever becomes of the others: a real follower over a real chain.
import { type ChainFollower, createChainFollower } from '@worldland-aa/service/chain/chainFollower'
import { createNodeClient } from '@worldland-aa/service/chain/connectNode'
import { createLogger } from '@worldland-aa/service/logger'
import { type Anvil, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import type { PublicClient } from 'viem'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { tellParts } from './tellParts.ts'

let anvil: Anvil
let client: PublicClient
let chain: ChainFollower

beforeAll(async () => {
  anvil = await startAnvil({ blockSeconds: 0 })
  client = createNodeClient(anvil.url, 103)
})
afterAll(() => anvil?.stop())

beforeEach(async () => {
  chain = createChainFollower({
    client,
    pollMilliseconds: 3_600_000,
    memoryBlocks: 64,
    patience: { quietMilliseconds: 10_000, lossMilliseconds: 30_000 },
    logger: createLogger({ name: 'test', level: 'silent' }),
  })
  await chain.start()
  return () => chain.stop()
})

async function mine(): Promise<bigint> {
  await anvil.client.mine({ blocks: 1 })
  return await client.getBlockNumber({ cacheTime: 0 })
}

it('tells the others of a block that one part cannot take in, and that part again until it can', async () => {
  const [leases, access, payments]: bigint[][] = [[], [], []]
  let isNodeDown = true
  chain.listen(
    tellParts({
      atOnce: [({ head }) => void leases?.push(head.number)],
      inTurn: [
        async ({ head }) => {
          if (isNodeDown) throw new Error('the node does not answer')
          access?.push(head.number)
        },
        async ({ head }) => void payments?.push(head.number),
      ],
    }),
  )
  const number = await mine()
  await expect(chain.poll()).rejects.toThrow('the node does not answer')
  expect([leases, access, payments]).toEqual([[number], [], [number]])
  isNodeDown = false
  await chain.poll()
  expect(access).toEqual([number])
  expect(chain.head().number).toBe(number)
})

it('tells whom it tells at once while another has not done yet, and the next only then', async () => {
  const told: string[] = []
  let review: () => void = () => undefined
  chain.listen(
    tellParts({
      atOnce: [() => void told.push('leases')],
      inTurn: [
        () =>
          new Promise<void>(resolve => {
            review = resolve
            told.push('access')
          }),
        () => void told.push('payments'),
      ],
    }),
  )
  await mine()
  const polled = chain.poll()
  await expect.poll(() => told).toEqual(['leases', 'access'])
  review()
  await polled
  expect(told).toEqual(['leases', 'access', 'payments'])
})

it('goes on to the head for all, though one part fails for more blocks than the follower takes at once', async () => {
  const heads: bigint[] = []
  const removed: number[] = []
  let isNodeDown = true
  chain.listen(
    tellParts({
      atOnce: [({ head }) => void heads.push(head.number)],
      inTurn: [
        async update => {
          if (isNodeDown) throw new Error('the node does not answer')
          removed.push(update.removed.length)
        },
      ],
    }),
  )
  await mine()
  for (let round = 0; round < 5; round++) {
    await anvil.client.mine({ blocks: 30 })
    await chain.poll().catch(() => undefined)
  }
  expect(heads.at(-1)).toBe(await client.getBlockNumber({ cacheTime: 0 }))
  // Of a reorg that it did not take in either, the part hears when it can.
  await anvil.client.request({ method: 'anvil_reorg', params: [40, []] } as never)
  await chain.poll().catch(() => undefined)
  isNodeDown = false
  await mine()
  await chain.poll()
  // Thirty of the forty the follower had not taken in either.
  expect(removed).toEqual([10])
  expect(chain.head().number).toBe(await client.getBlockNumber({ cacheTime: 0 }))
})
