// Peers that send junk, floods, replays, bombs and nothing at all: what is invalid goes no further, what is honest
// arrives everywhere, and whoever does it pays for it himself.

import { entryPoint07 } from '@worldland-aa/bundler/entryPoint/entryPoint07'
import { createOperationCodec } from '@worldland-aa/bundler/participation/gossip/codec/operationCodec'
import { defaultGossipLimits, wireLimits } from '@worldland-aa/bundler/participation/gossip/limits'
import type { Verdict } from '@worldland-aa/bundler/participation/gossip/messages'
import {
  canonical,
  createTestNode,
  friendsOf,
  registered,
  startNodes,
  stopNodes,
  type TestNode,
  testHead,
  testOperationOf,
  testPlace,
} from '@worldland-aa/bundler/participation/gossip/testing/gossipNodes'
import {
  type HostilePeer,
  startHostilePeer,
} from '@worldland-aa/bundler/participation/gossip/testing/hostilePeer'
import { topicOf } from '@worldland-aa/bundler/participation/gossip/topics'
import type { Hash } from 'viem'
import { afterEach, describe, expect, it } from 'vitest'

const honestCount = 4
const topic = topicOf(canonical.id, 'user_operation')
const codec = createOperationCodec({ version: entryPoint07, entryPoint: testPlace.entryPoint })

let nodes: TestNode[] = []
let hostile: HostilePeer[] = []
afterEach(async () => {
  await Promise.all(hostile.map(peer => peer.stop()))
  await stopNodes(nodes)
  nodes = []
  hostile = []
})

const bytesOf = (index: number): Uint8Array =>
  codec.encode({ userOperation: testOperationOf(index).userOperation, verifiedAt: testHead.hash })
const hashOf = (index: number): Hash => testOperationOf(index).userOperationHash
/** From here on operations are invalid. */
const firstInvalid = 1_000_000
const invalid = new Set(Array.from({ length: 3_000 }, (_, index) => hashOf(firstInvalid + index)))

async function start(options: Parameters<typeof startNodes>[1] = {}): Promise<void> {
  nodes = await startNodes(honestCount, {
    verdictOf: (hash): Verdict => (invalid.has(hash) ? 'reject' : 'accept'),
    ...options,
  })
  await expect.poll(() => nodes.map(friendsOf), { timeout: 90_000 }).toEqual(nodes.map(() => honestCount - 1))
}

/** A stranger who is connected to the first node alone. */
async function attack(index = 100): Promise<HostilePeer> {
  const peer = await startHostilePeer(index, [topic])
  hostile.push(peer)
  await peer.connect(first())
  await expect.poll(() => peer.libp2p.services.pubsub !== undefined && subscribersOf(peer)).toBe(1)
  return peer
}

function subscribersOf({ libp2p }: HostilePeer): number {
  return (libp2p.services as { pubsub: { getSubscribers(topic: string): unknown[] } }).pubsub.getSubscribers(
    topic,
  ).length
}

function first(): TestNode {
  const [node] = nodes
  if (node === undefined) throw new Error('There is no node')
  return node
}

/** All honest nodes hear each of these, told by any of them; milliseconds until the last has it, in order. */
async function tellHonestly(from: number, count: number): Promise<number[]> {
  const latencies: number[] = []
  for (let index = from; index < from + count; index++) {
    const begun = performance.now()
    nodes[index % nodes.length]?.submit(testOperationOf(index))
    while (nodes.some(({ pool }) => !pool.has(hashOf(index)))) {
      if (performance.now() - begun > 90_000) throw new Error(`Operation ${index} did not arrive everywhere`)
      await new Promise(resolve => setTimeout(resolve, 1))
    }
    latencies.push(performance.now() - begun)
  }
  return latencies.sort((one, other) => one - other)
}

function percentiles(sorted: readonly number[]): string {
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1)
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`
}

/** Of the others, what they were asked to judge that is invalid. */
function invalidHeardByOthers(): number {
  return nodes.slice(1).flatMap(({ judged }) => judged.filter(hash => invalid.has(hash))).length
}

describe('a hostile peer', () => {
  it('that sends operations which fail is cut off, and none of them goes further', async ({ annotate }) => {
    await start()
    const before = await tellHonestly(0, 40)
    const peer = await attack()
    // It may be cut off in the middle of it.
    for (let index = 0; index < 600; index++)
      await peer.tell(topic, bytesOf(firstInvalid + index)).catch(() => undefined)
    const during = await tellHonestly(100, 40)
    await expect.poll(() => peer.isConnected(first())).toBe(false)
    expect(invalidHeardByOthers()).toBe(0)
    // Ten cost it its place; as many as may be judged at once were under way by then. Beside them what honest nodes told.
    expect(first().judged.length).toBeLessThanOrEqual(10 + defaultGossipLimits.judgedAtOncePerPeer + 80)
    await annotate(
      `honest latency to the last of ${honestCount}: before ${percentiles(before)}; during ${percentiles(during)}`,
    )
  })

  it('that floods with valid operations is held to its quota, and the rest of the network is not', async ({
    annotate,
  }) => {
    await start()
    const before = await tellHonestly(0, 40)
    const peer = await attack()
    const flood = (async () => {
      for (let index = 0; index < 3_000; index++) {
        await peer.tell(topic, bytesOf(10_000 + index)).catch(() => undefined)
        // In one process all take turns.
        await new Promise(setImmediate)
      }
    })()
    const during = await tellHonestly(100, 40)
    await flood
    await expect.poll(() => peer.isConnected(first())).toBe(false)
    // 20 a second, ten seconds' worth at once, and some while it lasted.
    expect(first().judged.length).toBeLessThan(1_000)
    await annotate(
      `honest latency to the last of ${honestCount}: before ${percentiles(before)}; during ${percentiles(during)}`,
    )
  })

  it('that says the same again and again is heard once', async () => {
    await start()
    const peer = await attack()
    for (let times = 0; times < 100; times++) await peer.tell(topic, bytesOf(5))
    await expect.poll(() => nodes.map(({ pool }) => pool.size)).toEqual(nodes.map(() => 1))
    await tellHonestly(100, 5)
    expect(nodes.map(({ judged }) => judged.filter(hash => hash === hashOf(5)).length)).toEqual(
      nodes.map(() => 1),
    )
  })

  it('that sends junk, bombs, oversized and truncated messages is cut off, and takes no memory', async () => {
    await start()
    const peer = await attack()
    const heapBefore = process.memoryUsage().heapUsed
    const whole = bytesOf(6)
    const claim = (length: number): Uint8Array =>
      Uint8Array.of(
        (length & 0x7f) | 0x80,
        ((length >> 7) & 0x7f) | 0x80,
        ((length >> 14) & 0x7f) | 0x80,
        ((length >>> 21) & 0x7f) | 0x80,
        length >>> 28,
        0,
        0,
      )
    const junk: readonly (readonly [Uint8Array, 'compressed' | undefined])[] = [
      [claim(0xffff_ffff), 'compressed'],
      [claim(wireLimits.messageBytes), 'compressed'],
      // A literal longer than the whole message.
      [Uint8Array.of(5, 0xf4, 0xff, 0xff, 0, 0, 0, 0, 0), 'compressed'],
      [new Uint8Array(wireLimits.messageBytes + 1), undefined],
      [new Uint8Array(wireLimits.messageBytes), undefined],
      [new Uint8Array(2_000_000).fill(0xff), 'compressed'],
      [whole.subarray(0, whole.length / 2), undefined],
      [crypto.getRandomValues(new Uint8Array(1_000)), undefined],
      [new Uint8Array(), 'compressed'],
    ]
    for (let times = 0; times < 5; times++) {
      for (const [bytes, compressed] of junk) await peer.tell(topic, bytes, compressed).catch(() => undefined)
    }
    await expect.poll(() => peer.isConnected(first())).toBe(false)
    await tellHonestly(100, 5)
    // Nothing but what honest nodes told.
    expect(nodes.flatMap(({ judged, pool }) => judged.filter(hash => !pool.has(hash)))).toEqual([])
    expect(nodes.map(({ pool }) => pool.size)).toEqual(nodes.map(() => 5))
    expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(256 * 1_048_576)
  })

  it('that misuses requests – bombs, half of one, answers never read – is served no more', async () => {
    await start({ limits: { responseMilliseconds: 5_000 } })
    for (let index = 0; index < 400; index++) {
      first().pool.set(hashOf(index), testOperationOf(index))
    }
    const peer = await attack()
    // 4 GiB in the length, a chunk longer than any, and a stream on which nothing comes.
    const bomb = await peer.open(first(), 'pooled_user_ops_by_hash')
    bomb.send(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f))
    const longChunk = await peer.open(first(), 'ping')
    longChunk.send(
      Uint8Array.of(8, 0xff, 6, 0, 0, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59, 0x00, 0xff, 0xff, 0xff),
    )
    const silent = await peer.open(first(), 'status')
    const answered: number[] = []
    for (const stream of [bomb, longChunk]) {
      for await (const chunk of stream) {
        answered.push(chunk.subarray()[0] ?? -1)
        break
      }
    }
    expect(answered).toEqual([1, 1])
    await tellHonestly(1_000, 5)
    // It has been left alone for ten seconds, and is closed then.
    await expect.poll(() => silent.status, { timeout: 30_000 }).not.toBe('open')
  })
})

describe('a new node among hostile peers', () => {
  it('comes upon honest bundlers of the registry, whatever place strangers take', async () => {
    await start()
    for (let index = 0; index < 6; index++) hostile.push(await startHostilePeer(200 + index, [topic]))
    const bootnodes = hostile.map(({ addresses: [address = ''] }) => address)
    const limits = { connections: 16, reservedForRegistered: 10, connectionsPerAddress: 64 }
    const registryPeers = () => registered(nodes)
    const newcomer = createTestNode(50, { bootnodes: bootnodes.slice(0, 3), registryPeers, limits })
    await newcomer.gossip.start()
    // Strangers run for every place there is.
    for (let index = 0; index < 12; index++) {
      const peer = await startHostilePeer(300 + index, [topic])
      hostile.push(peer)
      await peer.connect(newcomer).catch(() => undefined)
    }
    await expect
      .poll(() => newcomer.gossip.peers().filter(({ bundlerId }) => bundlerId !== undefined).length)
      .toBe(honestCount)
    const strangers = newcomer.gossip.peers().filter(({ bundlerId }) => bundlerId === undefined)
    expect(strangers.length).toBeLessThanOrEqual(6 + 3)
    nodes.push(newcomer)
    await tellHonestly(100, 10)
    expect(newcomer.pool.size).toBe(10)
  })
})
