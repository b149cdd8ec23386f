import { afterEach, describe, expect, it } from 'vitest'
import {
  createTestNode,
  friendsOf,
  stopNodes,
  type TestNode,
  testOperationOf,
} from './testing/gossipNodes.ts'
import { openTcpLink, type TcpLink } from './testing/tcpLink.ts'

const limits = { redialMilliseconds: 100, longestRedialMilliseconds: 400 }
let nodes: TestNode[] = []
let link: TcpLink | undefined
afterEach(async () => {
  await stopNodes(nodes)
  await link?.close()
  nodes = []
})

/** Two nodes that know each other through a link that can be cut. */
async function startTwo(options: Parameters<typeof createTestNode>[1] = {}): Promise<[TestNode, TestNode]> {
  const one = createTestNode(0, { limits })
  await one.gossip.start()
  const [, port, peer] = /\/tcp\/(\d+)\/p2p\/(\w+)/.exec(one.gossip.addresses()[0] ?? '') ?? []
  link = await openTcpLink(Number(port))
  const bootnodes = [`/ip4/127.0.0.1/tcp/${link.port}/p2p/${peer}`]
  const other = createTestNode(1, { limits, bootnodes, ...options })
  await other.gossip.start()
  nodes = [one, other]
  return [one, other]
}

const met = (node: TestNode): boolean => friendsOf(node) > 0
const hashes = ({ pool }: TestNode): string[] => [...pool.keys()].sort()

describe('two nodes that have lost each other', () => {
  it('agree again soon after they have found each other, on all that came in between', async () => {
    const [one, other] = await startTwo()
    await expect.poll(() => nodes.every(met)).toBe(true)
    link?.cut()
    await expect.poll(() => nodes.some(({ gossip }) => gossip.peers().length > 0)).toBe(false)
    for (let index = 0; index < 150; index++) one.submit(testOperationOf(index))
    for (let index = 100; index < 300; index++) other.submit(testOperationOf(index))
    expect(hashes(one)).not.toEqual(hashes(other))
    link?.mend()
    await expect.poll(() => [one.pool.size, other.pool.size]).toEqual([300, 300])
    expect(hashes(one)).toEqual(hashes(other))
    // What both had was asked for by neither.
    expect([one.judged.length, other.judged.length]).toEqual([150, 100])
  })

  it('take from each other no more than what is valid for each', async () => {
    const bad = testOperationOf(7)
    const [one, other] = await startTwo({
      verdictOf: hash => (hash === bad.userOperationHash ? 'ignore' : 'accept'),
    })
    await expect.poll(() => nodes.every(met)).toBe(true)
    link?.cut()
    await expect.poll(() => nodes.some(({ gossip }) => gossip.peers().length > 0)).toBe(false)
    for (let index = 0; index < 10; index++) one.submit(testOperationOf(index))
    link?.mend()
    await expect.poll(() => other.pool.size).toBe(9)
    expect(other.pool.has(bad.userOperationHash)).toBe(false)
  })
})
