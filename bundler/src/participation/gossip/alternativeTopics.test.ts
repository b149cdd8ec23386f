import { afterEach, describe, expect, it } from 'vitest'
import { alternativeMempool } from './mempools/mempoolIds.ts'
import {
  canonical,
  createTestNode,
  friendsOf,
  registered,
  stopNodes,
  type TestNode,
  testOperationOf,
  testPlace,
} from './testing/gossipNodes.ts'

const clocks = alternativeMempool(testPlace, {
  name: 'clocks',
  allows: [{ rule: 'OP-011', opcode: 'TIMESTAMP' }],
})
const environment = alternativeMempool(testPlace, { name: 'environment', allows: [{ rule: 'OP-011' }] })

let nodes: TestNode[] = []
afterEach(async () => {
  await stopNodes(nodes)
  nodes = []
})

/** Each serves the canonical mempool and these; what it takes in is in those of them that allow it. */
async function start(...served: readonly (readonly (typeof clocks)[])[]): Promise<readonly TestNode[]> {
  for (const alternatives of served) {
    const node = createTestNode(nodes.length, {
      mempools: [canonical, ...alternatives],
      registryPeers: () => registered(nodes),
      inMempools: alternatives.map(({ name }) => name ?? ''),
    })
    await node.gossip.start()
    nodes.push(node)
  }
  await expect
    .poll(() =>
      nodes.map(node =>
        Math.min(friendsOf(node), node.gossip.peers().filter(({ mempools }) => mempools.length > 0).length),
      ),
    )
    .toEqual(nodes.map(() => nodes.length - 1))
  return nodes
}

describe('an operation of alternative mempools', () => {
  it('is told to those who serve one, and to no others [ALT-010]', async () => {
    const [one, other, canonicalOnly] = await start([clocks], [clocks], [])
    one?.submit(testOperationOf(1, { mempools: ['clocks'] }))
    await expect.poll(() => other?.pool.size).toBe(1)
    const ordinary = testOperationOf(2)
    other?.submit(ordinary)
    await expect.poll(() => canonicalOnly?.pool.size).toBe(1)
    expect(canonicalOnly?.judged).toEqual([ordinary.userOperationHash])
    const [peer] = one?.gossip.peers().filter(({ bundlerId }) => bundlerId === other?.bundlerId) ?? []
    expect(peer?.mempools).toEqual([canonical.id, clocks.id])
  })

  it('is not shown to whoever asks what waits and serves none of them [ALT-010]', async () => {
    const [one] = await start([clocks])
    const ordinary = testOperationOf(2)
    for (const operation of [testOperationOf(1, { mempools: ['clocks'] }), ordinary]) {
      one?.pool.set(operation.userOperationHash, operation)
    }
    const [, canonicalOnly] = await start([])
    await expect.poll(() => canonicalOnly?.judged).toEqual([ordinary.userOperationHash])
  })

  it('goes to another bundler once, however many mempools they share [ALT-030]', async () => {
    const [one, other] = await start([clocks, environment], [clocks, environment])
    const operation = testOperationOf(1, { mempools: ['clocks', 'environment'] })
    one?.submit(operation)
    const ordinary = testOperationOf(2)
    await expect.poll(() => other?.pool.size).toBe(1)
    one?.submit(ordinary)
    await expect.poll(() => other?.pool.size).toBe(2)
    expect(await heard(other)).toEqual({ accept: 2 })
  })

  it('reaches through a bundler of both mempools one who is in the other alone', async () => {
    const [one, , other] = await start([clocks], [clocks, environment], [environment])
    one?.submit(testOperationOf(1, { mempools: ['clocks'] }))
    await expect.poll(() => other?.pool.size).toBe(1)
  })
})

/** Messages about operations, by verdict. */
async function heard(node: TestNode | undefined): Promise<Record<string, number>> {
  const metric = node?.options.registry.getSingleMetric('bundler_gossip_messages_total')
  const { values = [] } = (await metric?.get()) ?? {}
  return Object.fromEntries(values.map(({ labels, value }) => [String(labels.verdict), value]))
}
