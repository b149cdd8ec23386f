// What came to the chain reaches every part, whatever becomes of the others: a real follower over a real chain.
import {
  type ChainFollower,
  type ChainListener,
  createChainFollower,
} from '@worldland-aa/service/chain/chainFollower'
import { createNodeClient } from '@worldland-aa/service/chain/connectNode'
import { createLogger } from '@worldland-aa/service/logger'
import { type Anvil, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import type { PublicClient } from 'viem'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { partsCheck } from '../operator/partsCheck.ts'
import { type PartToTell, tellParts } from './tellParts.ts'

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

const part = (name: string, hear: ChainListener): PartToTell => ({ name, hear })

async function mine(): Promise<bigint> {
  await anvil.client.mine({ blocks: 1 })
  return await client.getBlockNumber({ cacheTime: 0 })
}

it('tells the others of a block that one part cannot take in, and that part again until it can', async () => {
  const [leases, access, payments]: bigint[][] = [[], [], []]
  let isNodeDown = true
  const told = tellParts({
    atOnce: [({ head }) => void leases?.push(head.number)],
    inTurn: [
      part('access', async ({ head }) => {
        if (isNodeDown) throw new Error('the node does not answer')
        access?.push(head.number)
      }),
      part('payments', async ({ head }) => void payments?.push(head.number)),
    ],
  })
  chain.listen(told.hear)
  const number = await mine()
  await expect(chain.poll()).rejects.toThrow('the node does not answer')
  expect([leases, access, payments]).toEqual([[number], [], [number]])
  const behind = { name: 'access', sinceBlock: number, blocks: 1, isLeftBehind: false }
  expect(told.behind()).toEqual([{ ...behind, reason: 'the node does not answer' }])
  isNodeDown = false
  await chain.poll()
  expect(access).toEqual([number])
  expect(told.behind()).toEqual([])
  expect(chain.head().number).toBe(number)
})

it('tells whom it tells at once while another has not done yet, and the next only then', async () => {
  const told: string[] = []
  let review: () => void = () => undefined
  chain.listen(
    tellParts({
      atOnce: [() => void told.push('leases')],
      inTurn: [
        part(
          'access',
          () =>
            new Promise<void>(resolve => {
              review = resolve
              told.push('access')
            }),
        ),
        part('payments', () => void told.push('payments')),
      ],
    }).hear,
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
  const told = tellParts({
    atOnce: [({ head }) => void heads.push(head.number)],
    inTurn: [
      part('payments', () => undefined),
      part('access', async update => {
        if (isNodeDown) throw new Error('the node does not answer')
        removed.push(update.removed.length)
      }),
    ],
  })
  chain.listen(told.hear)
  const first = await mine()
  for (let round = 0; round < 5; round++) {
    await anvil.client.mine({ blocks: 30 })
    await chain.poll().catch(() => undefined)
  }
  expect(heads.at(-1)).toBe(await client.getBlockNumber({ cacheTime: 0 }))
  // And it is named, since when, with what it waits for: the others took all in.
  const [behind] = told.behind()
  expect(behind).toMatchObject({ name: 'access', sinceBlock: first, blocks: 151, isLeftBehind: true })
  expect(partsCheck(told.behind())).toEqual({
    says: `access cannot take in block ${first} and what follows, 151 by now, and tries again: the node does not answer`,
    fails: true,
  })
  // Of a reorg that it did not take in either, the part hears when it can.
  await anvil.client.request({ method: 'anvil_reorg', params: [40, []] } as never)
  await chain.poll().catch(() => undefined)
  isNodeDown = false
  await mine()
  await chain.poll()
  // Thirty of the forty the follower had not taken in either.
  expect(removed).toEqual([10])
  expect(told.behind()).toEqual([])
  expect(chain.head().number).toBe(await client.getBlockNumber({ cacheTime: 0 }))
})
