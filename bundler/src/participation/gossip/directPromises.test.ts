import { keccak256 } from 'viem'
import { afterEach, describe, expect, it } from 'vitest'
import type { SignedInclusionPromise, Verdict } from './messages.ts'
import {
  createTestNode,
  friendsOf,
  startNodes,
  stopNodes,
  type TestNode,
  testOperationOf,
} from './testing/gossipNodes.ts'

let nodes: TestNode[] = []
afterEach(async () => {
  await stopNodes(nodes)
  nodes = []
})

const operation = testOperationOf(1)
const hash = operation.userOperationHash

function promiseOn(userOpHash = hash): SignedInclusionPromise {
  const { sender, nonce } = operation.userOperation
  return {
    promise: { bundlerId: 2, userOpHash, sender, nonce, latestBlock: 1_010n, maxBaseFeePerGas: 7n },
    signature: `0x${'ab'.repeat(65)}`,
  }
}

/** A whole network of three has met. */
async function start(
  options: Parameters<typeof startNodes>[1] = {},
): Promise<readonly [TestNode, TestNode, TestNode]> {
  nodes = await startNodes(3, { promiseOf: async () => promiseOn(), ...options })
  await expect.poll(() => nodes.map(friendsOf), { timeout: 90_000 }).toEqual([2, 2, 2])
  return nodes as [TestNode, TestNode, TestNode]
}

const ask = async (asker: TestNode, ...bundlerIds: number[]): Promise<void> => {
  asker.pool.set(hash, operation)
  await asker.gossip.askPromise(operation, bundlerIds)
}

/** Nodes that have just met compare what waits, too: only this tells who heard of it by asking. */
async function promisedTo({ options }: TestNode): Promise<number> {
  const asked = await options.registry.getSingleMetricAsString('bundler_gossip_asked_total')
  return Number(/outcome="promised".*\} (\d+)/.exec(asked)?.[1])
}

const faultsOf = (peer: TestNode, at: TestNode): number =>
  at.gossip.peers().find(({ bundlerId }) => bundlerId === peer.bundlerId)?.faultPoints ?? Number.NaN

describe('a leader that is shown an operation', () => {
  it('takes it in and answers its promise', async () => {
    const [asker, leader] = await start()
    await ask(asker, leader.bundlerId)
    expect(asker.promises.map(({ promise }) => promise.userOpHash)).toEqual([hash])
    expect([...leader.pool.keys()]).toEqual([hash])
    expect(await promisedTo(asker)).toBe(1)
  })

  it('answers one after the other on one stream, which may be open before', async () => {
    const [asker, leader] = await start()
    asker.gossip.prepareToAsk([leader.bundlerId])
    await ask(asker, leader.bundlerId)
    const others = [2, 3, 4].map(index => testOperationOf(index))
    for (const one of others) await asker.gossip.askPromise(one, [leader.bundlerId])
    expect([...leader.pool.keys()]).toEqual([hash, ...others.map(one => one.userOperationHash)])
  })

  it('answers several at once', async () => {
    const [asker, leader] = await start()
    const operations = Array.from({ length: 40 }, (_, index) => testOperationOf(index))
    await Promise.all(operations.map(one => asker.gossip.askPromise(one, [leader.bundlerId])))
    // More than may be asked at once come by gossip.
    expect(leader.pool.size).toBeGreaterThanOrEqual(16)
    await expect
      .poll(async () => await asker.options.registry.getSingleMetricAsString('bundler_gossip_asked_total'))
      .toContain('outcome="failed"')
  })

  it('promises what it knows already', async () => {
    const [asker, leader] = await start()
    leader.pool.set(hash, operation)
    await ask(asker, leader.bundlerId)
    expect(asker.promises).toHaveLength(1)
    expect(leader.judged).toEqual([])
  })

  it('may promise nothing', async () => {
    const [asker, leader] = await start({ promiseOf: async () => undefined })
    await ask(asker, leader.bundlerId)
    expect(asker.promises).toEqual([])
    expect([...leader.pool.keys()]).toEqual([hash])
    expect(faultsOf(leader, asker)).toBe(0)
  })

  it('that promises nothing is followed by the one who leads after it', async () => {
    let asked = 0
    const promiseOf = async () => (asked++ === 0 ? undefined : promiseOn())
    const [asker, leader, third] = await start({ promiseOf })
    await ask(asker, leader.bundlerId, third.bundlerId)
    expect(asker.promises).toHaveLength(1)
    expect([leader.judged, third.judged]).toEqual([[hash], [hash]])
  })

  it('is passed over where it is not connected, for the one who leads after it', async () => {
    const [asker, , third] = await start()
    await ask(asker, 99, third.bundlerId)
    expect([...third.pool.keys()]).toEqual([hash])
    expect(await promisedTo(asker)).toBe(1)
  })

  it('holds what is invalid against whoever shows it', async () => {
    const [asker, leader] = await start({ verdictOf: () => 'reject' })
    await ask(asker, leader.bundlerId)
    expect(asker.promises).toEqual([])
    expect(faultsOf(asker, leader)).toBe(10)
  })

  it('judges no more than the share of whoever shows it', async () => {
    const [asker, leader] = await start({ limits: { registeredOperationsPerSecond: 0.001, burstSeconds: 1 } })
    await ask(asker, leader.bundlerId)
    const second = testOperationOf(2)
    await asker.gossip.askPromise(second, [leader.bundlerId])
    expect(leader.judged).toEqual([hash])
  })

  it('judges it once, though it comes by gossip meanwhile', async () => {
    let judge = (): void => undefined
    const judgement = new Promise<void>(resolve => {
      judge = resolve
    })
    const [asker, leader, third] = await start({
      verdictOf: () => judgement.then((): Verdict => 'accept'),
    })
    const asked = ask(asker, leader.bundlerId)
    await expect.poll(() => leader.judged).toEqual([hash])
    asker.gossip.publishOperation(operation)
    await expect.poll(() => third.judged).toEqual([hash])
    judge()
    await asked
    await expect.poll(() => third.pool.size).toBe(1)
    expect(leader.judged).toEqual([hash])
  })
})

describe('whoever asks a leader', () => {
  it('holds it against it when it answers with what is no promise of it', async () => {
    const [asker, leader] = await start({ promiseOf: async () => promiseOn(keccak256('0x07')) })
    await ask(asker, leader.bundlerId)
    expect(asker.promises).toEqual([])
    expect(faultsOf(leader, asker)).toBe(10)
  })

  it('shows it nothing that only alternative mempools take', async () => {
    const [asker, leader] = await start()
    const special = testOperationOf(1, { mempools: ['clocks'] })
    await asker.gossip.askPromise(special, [leader.bundlerId])
    expect(leader.judged).toEqual([])
  })

  it('reaches by gossip those who hear from that leader alone', async () => {
    for (const index of [0, 1, 2]) {
      const bootnodes = nodes.at(-1)?.gossip.addresses() ?? []
      // By name they are found in the registry, by their addresses only the one before.
      const registryPeers = () =>
        nodes.map(({ bundlerId, publicKey }) => ({ bundlerId, publicKey, addresses: [] }))
      const node = createTestNode(index, { bootnodes, registryPeers, promiseOf: async () => promiseOn() })
      await node.gossip.start()
      nodes.push(node)
    }
    await expect.poll(() => nodes.map(friendsOf)).toEqual([1, 2, 1])
    const [asker, leader, last] = nodes as [TestNode, TestNode, TestNode]
    await expect
      .poll(() => asker.gossip.peers().map(({ bundlerId }) => bundlerId))
      .toEqual([leader.bundlerId])
    await ask(asker, leader.bundlerId)
    expect([...leader.pool.keys()]).toEqual([hash])
    asker.gossip.publishOperation(operation)
    await expect.poll(() => [...last.pool.keys()]).toEqual([hash])
    expect(leader.judged).toEqual([hash])
  })
})
