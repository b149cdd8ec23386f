import { memory } from '@libp2p/memory'
import { plaintext } from '@libp2p/plaintext'
import { createLogger } from '@worldland-aa/service/logger'
import { keccak256 } from 'viem'
import { afterEach, describe, expect, it } from 'vitest'
import { operationsHashOf } from './codec/announcementCodec.ts'
import type { RegistryPeer } from './peers/roster.ts'
import {
  createTestNode,
  friendsOf,
  registered,
  startNodes,
  stopNodes,
  type TestNode,
  testHead,
  testOperationOf,
} from './testing/gossipNodes.ts'

// biome-ignore lint/style/noProcessEnv: how many the machine bears is for whoever runs it to say
const { GOSSIP_NODES = '15' } = process.env
const memoryNodes = Number(GOSSIP_NODES)
let nodes: TestNode[] = []
afterEach(async () => {
  await stopNodes(nodes)
  nodes = []
})

const everyoneMet = async (): Promise<void> => {
  await expect
    .poll(() => nodes.map(friendsOf), { timeout: 90_000 })
    .toEqual(nodes.map(() => nodes.length - 1))
}

/** Each knows the one before it, and nobody else. */
async function startLine(...options: readonly Parameters<typeof createTestNode>[1][]): Promise<void> {
  for (const [index, own] of options.entries()) {
    const node = createTestNode(index, { bootnodes: nodes.at(-1)?.gossip.addresses() ?? [], ...own })
    await node.gossip.start()
    nodes.push(node)
  }
}

describe('nodes of one network', () => {
  it('find each other by the registry, and tell each other operations, commits and promises', async () => {
    nodes = await startNodes(3)
    await everyoneMet()
    const operation = testOperationOf(1)
    const hash = operation.userOperationHash
    nodes[0]?.submit(operation)
    await expect.poll(() => nodes.map(({ pool }) => [...pool.keys()])).toEqual([[hash], [hash], [hash]])
    const signature = `0x${'ab'.repeat(65)}` as const
    const commit = {
      commit: {
        ...{ bundlerId: 2, window: 250n, sequence: 3, transactionHash: keccak256('0x02') },
        operationsHash: operationsHashOf([hash]),
      },
      operations: [hash],
      signature,
    }
    const promise = {
      promise: {
        ...{ bundlerId: 3, userOpHash: hash, sender: operation.userOperation.sender, nonce: 0n },
        ...{ latestBlock: 1_010n, maxBaseFeePerGas: 7n },
      },
      signature,
    }
    nodes[1]?.gossip.publishCommit(commit)
    nodes[2]?.gossip.publishPromise(promise)
    await expect.poll(() => nodes.map(({ commits }) => commits)).toEqual([[commit], [], [commit]])
    await expect
      .poll(() => nodes.map(({ promises }) => JSON.stringify(promises[0]?.promise.userOpHash)))
      .toEqual([JSON.stringify(hash), JSON.stringify(hash), undefined])
    expect(nodes[0]?.promises[0]?.promise.sender.toLowerCase()).toBe(promise.promise.sender.toLowerCase())
  })

  it('pass on what they accept, and nothing else', async () => {
    const operations = Array.from({ length: 9 }, (_, index) => testOperationOf(index))
    const good = operations.filter((_, index) => index % 3 === 0)
    const verdicts = new Map(
      operations.map(({ userOperationHash }, index) => [
        userOperationHash,
        (['accept', 'ignore', 'reject'] as const)[index % 3],
      ]),
    )
    await startLine({}, { verdictOf: hash => verdicts.get(hash) ?? 'accept' }, {})
    await expect.poll(() => nodes.map(friendsOf)).toEqual([1, 2, 1])
    const [first, , last] = nodes
    for (const operation of operations) first?.submit(operation)
    await expect.poll(() => last?.pool.size).toBe(good.length)
    expect([...(last?.judged ?? [])].sort()).toEqual(
      good.map(({ userOperationHash }) => userOperationHash).sort(),
    )
  })

  it('tell each other of a new block once a pair, not each from both sides', async () => {
    let head = testHead
    const heard: bigint[] = []
    nodes = await startNodes(5, {
      head: () => head,
      onPeerHead: (_bundlerId, number) => {
        if (number !== undefined && number > testHead.number) heard.push(number)
      },
      // So long that no two come to it at once, however busy the machine is.
      limits: { toldWithinMilliseconds: 4_000 },
    })
    await everyoneMet()
    head = { ...testHead, number: testHead.number + 1n }
    for (const { gossip } of nodes) gossip.tellHead()
    const knowsAll = ({ gossip }: TestNode): boolean =>
      gossip.peers().every(({ headBlock }) => headBlock === head.number)
    await expect.poll(() => nodes.every(knowsAll), { timeout: 30_000 }).toBe(true)
    // Ten pairs, both sides of each; were all to ask all, forty.
    expect(heard.length).toBeGreaterThanOrEqual(20)
    expect(heard.length).toBeLessThan(40)
  })

  it('part from whoever is on another chain', async () => {
    const told: string[] = []
    const logger = createLogger({ name: 'one', level: 'info' }, { write: line => told.push(line) })
    await startLine({ logger }, { chainId: 104 })
    const [one, other] = nodes
    await expect.poll(() => told.join('')).toContain('a peer of another chain is turned away')
    await expect.poll(() => nodes.map(({ gossip }) => gossip.peers().length)).toEqual([0, 0])
    one?.submit(testOperationOf(1))
    expect(other?.judged).toEqual([])
  })

  it('do not judge what was verified long ago, and judge what they do not know the age of', async () => {
    const oldBlock = { number: 100n, hash: keccak256('0x64') }
    const strange = { number: 999n, hash: keccak256('0x65') }
    const blockNumberOf = (hash: string) => (hash === oldBlock.hash ? oldBlock.number : undefined)
    await startLine({}, { blockNumberOf, limits: { healMilliseconds: 3_600_000 } })
    await expect.poll(() => nodes.map(friendsOf)).toEqual([1, 1])
    const [one, other] = nodes
    one?.gossip.publishOperation(testOperationOf(1, { verifiedAt: oldBlock }))
    one?.gossip.publishOperation(testOperationOf(2, { verifiedAt: strange }))
    await expect.poll(() => other?.judged).toEqual([testOperationOf(2).userOperationHash])
  })

  it('say in metrics whom they are with and what they were told', async () => {
    nodes = await startNodes(2)
    await everyoneMet()
    nodes[0]?.submit(testOperationOf(1))
    await expect.poll(() => nodes[1]?.pool.size).toBe(1)
    const told = async (): Promise<string> => (await nodes[1]?.options.registry.metrics()) ?? ''
    await expect.poll(told).toMatch(/bundler_gossip_messages_total\{.*verdict="accept".*\} 1/)
    expect(await told()).toMatch(/bundler_gossip_peers\{.*kind="registered".*\} 1/)
    expect(await told()).toMatch(/bundler_gossip_bytes_total\{.*direction="in".*\} [1-9]/)
  })
})

describe('a network in one process', () => {
  it(`needs no sockets: ${memoryNodes} nodes over memory hear all that any of them tells`, async () => {
    const count = memoryNodes
    // As the registry says it: once for all. Each asks for it every second.
    const listed: RegistryPeer[] = []
    const registryPeers = () => listed
    for (let index = 0; index < count; index++) {
      const node = createTestNode(index, {
        listen: [`/memory/gossip-${index}`],
        transports: { transports: [memory()], connectionEncrypters: [plaintext()] },
        limits: { outboundRegistered: 4 },
        registryPeers,
      })
      await node.gossip.start()
      nodes.push(node)
      listed.push(...registered([node]))
    }
    await expect.poll(() => nodes.every(node => friendsOf(node) >= 3), { timeout: 90_000 }).toBe(true)
    const operations = Array.from({ length: 10 }, (_, index) => testOperationOf(index))
    for (const [index, operation] of operations.entries()) nodes[index]?.submit(operation)
    await expect
      .poll(() => nodes.map(({ pool }) => pool.size), { timeout: 90_000 })
      .toEqual(nodes.map(() => operations.length))
    // Each judged each of them once, but for its own.
    expect(nodes.reduce((sum, { judged }) => sum + judged.length, 0)).toBe(10 * count - 10)
  }, 300_000)
})
