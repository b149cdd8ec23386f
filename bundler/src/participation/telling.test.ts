import type { Hash } from 'viem'
import { afterEach, describe, expect, it } from 'vitest'
import type { SignedInclusionPromise } from './gossip/messages.ts'
import {
  friendsOf,
  startNodes,
  stopNodes,
  type TestNode,
  testOperationOf,
} from './gossip/testing/gossipNodes.ts'
import { createTelling } from './telling.ts'

let nodes: TestNode[] = []
afterEach(async () => {
  await stopNodes(nodes)
  nodes = []
})

const operation = testOperationOf(1)
const hash = operation.userOperationHash
const never = 3_600_000
const windowBlocks = 4n
const windowOf = (block: bigint) => {
  const index = block / windowBlocks
  return { index, first: index * windowBlocks, last: index * windowBlocks + windowBlocks - 1n }
}

const promise: SignedInclusionPromise = {
  promise: {
    ...{ bundlerId: 2, userOpHash: hash, sender: operation.userOperation.sender, nonce: 0n },
    ...{ latestBlock: 1_010n, maxBaseFeePerGas: 7n },
  },
  signature: `0x${'ab'.repeat(65)}`,
}

/** Three that have met, of whom the first takes operations from clients. */
async function start(
  own: { leaders: readonly [number, number]; patienceMilliseconds?: number },
  network: Parameters<typeof startNodes>[1],
) {
  nodes = await startNodes(3, network)
  await expect.poll(() => nodes.map(friendsOf), { timeout: 90_000 }).toEqual([2, 2, 2])
  const [first, leader, third] = nodes as [TestNode, TestNode, TestNode]
  // Nodes that have just met compare what waits, too: that another has an operation does not say that it was told of it.
  const told: Hash[] = []
  const telling = createTelling({
    schedule: { windowOf, leaderAt: block => own.leaders[Number(windowOf(block).index % 2n)] ?? 0 },
    ownId: () => first.bundlerId,
    head: () => 0n,
    intake: { isBringing: () => false },
    promises: () => undefined,
    network: {
      ...first.gossip,
      publishOperation(validated) {
        told.push(validated.userOperationHash)
        first.gossip.publishOperation(validated)
      },
    },
    patienceMilliseconds: own.patienceMilliseconds ?? never,
  })
  return {
    ...{ first, leader, third, told },
    admit() {
      first.pool.set(hash, operation)
      telling.admitted(operation)
    },
  }
}

describe('an operation from a client', () => {
  it('is shown to the leader, and told to the others once it has answered', async () => {
    let answer = (): void => undefined
    const answered = new Promise<SignedInclusionPromise>(resolve => {
      answer = () => resolve(promise)
    })
    const { first, leader, third, told, admit } = await start(
      { leaders: [2, 3] },
      { promiseOf: () => answered },
    )
    admit()
    await expect.poll(() => [...leader.pool.keys()]).toEqual([hash])
    expect(told).toEqual([])
    answer()
    await expect.poll(() => told).toEqual([hash])
    await expect.poll(() => [...third.pool.keys()]).toEqual([hash])
    expect(first.promises).toHaveLength(1)
  })

  it('is shown to the leader of the window that follows where nobody leads now', async () => {
    const { third, first, admit } = await start({ leaders: [0, 3] }, { promiseOf: async () => promise })
    admit()
    await expect.poll(() => first.promises.length).toBe(1)
    expect([...third.pool.keys()]).toEqual([hash])
  })

  it('is told at once where this node may not ask anybody', async () => {
    const { leader, third, admit } = await start({ leaders: [1, 0] }, {})
    admit()
    await expect.poll(() => [leader.pool.size, third.pool.size]).toEqual([1, 1])
  })

  it('is told to the others though the leader does not answer', async () => {
    const network = { promiseOf: () => new Promise<undefined>(() => undefined) }
    const { third, admit } = await start({ leaders: [2, 2], patienceMilliseconds: 50 }, network)
    admit()
    await expect.poll(() => [...third.pool.keys()]).toEqual([hash])
  })
})
