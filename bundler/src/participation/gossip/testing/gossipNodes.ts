// Real gossip nodes with a plain map for a mempool: what they are told, they keep, if a rule of the test says so.

import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import type { Block } from '@worldland-aa/service/chain/block'
import { systemClock } from '@worldland-aa/service/clock'
import { createLogger } from '@worldland-aa/service/logger'
import { createRegistry } from '@worldland-aa/service/metrics'
import { type Address, type Hash, type Hex, keccak256, numberToHex, slice } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { entryPoint07 } from '../../../entryPoint/entryPoint07.ts'
import { numberedAddress, validatedOperation } from '../../../testing/validated.ts'
import type { ValidatedOperation } from '../../../validation/validatedOperation.ts'
import { createGossip, type Gossip } from '../gossip.ts'
import type { GossipOptions } from '../gossipOptions.ts'
import { canonicalMempool } from '../mempools/mempoolIds.ts'
import type { SignedBundleCommit, SignedInclusionPromise, Verdict } from '../messages.ts'
import type { RegistryPeer } from '../peers/roster.ts'

export const testPlace = {
  chainId: 103,
  entryPoint: entryPoint07Address as Address,
  minimumStakeWei: 10n ** 18n,
}
export const canonical = canonicalMempool(testPlace)

export const testHead: Block = {
  number: 1_000n,
  hash: keccak256('0x01'),
  parentHash: keccak256('0x00'),
  timestamp: 1_700_000_000n,
  baseFeePerGas: 1n,
  gasLimit: 30_000_000n,
}

const patient = { firstByteMilliseconds: 60_000, responseMilliseconds: 60_000, dialMilliseconds: 60_000 }

export type TestNode = {
  readonly gossip: Gossip
  readonly bundlerId: number
  readonly publicKey: Hex
  readonly options: GossipOptions
  /** What waits, in order of arrival. */
  readonly pool: Map<Hash, ValidatedOperation>
  readonly commits: SignedBundleCommit[]
  readonly promises: SignedInclusionPromise[]
  /** How often it was asked for a verdict on an operation. */
  readonly judged: Hash[]
  /** Into its own mempool, and told. */
  submit(validated: ValidatedOperation): void
}

/** How many peers this node has met and can tell something. */
export function friendsOf({ gossip }: TestNode): number {
  return gossip.peers().filter(({ headBlock, isListening }) => headBlock !== undefined && isListening).length
}

export function testKey(index: number): Hex {
  return keccak256(numberToHex(0x90551b + index, { size: 32 }))
}

/** 64 bytes x ‖ y. */
export function publicKeyOf(key: Hex): Hex {
  return slice(privateKeyToAccount(key).publicKey, 1)
}

/** Operation number `index` of a series; every one of another sender. */
export function testOperationOf(index: number, known: Partial<ValidatedOperation> = {}): ValidatedOperation {
  return validatedOperation(
    { sender: numberedAddress(index), callData: `0x${'ab'.repeat(200)}` },
    { verifiedAt: testHead, ...known },
  )
}

type TestRules = {
  readonly verdictOf?: (hash: Hash) => Verdict | Promise<Verdict>
  /** Names of the alternative mempools that take what is not told in the canonical one. */
  readonly inMempools?: readonly string[]
}

export function createTestNode(index: number, options: Partial<GossipOptions> & TestRules = {}): TestNode {
  const { verdictOf = () => 'accept', inMempools = [], ...given } = options
  const pool = new Map<Hash, ValidatedOperation>()
  const commits: SignedBundleCommit[] = []
  const promises: SignedInclusionPromise[] = []
  const judged: Hash[] = []
  const nodeKey = testKey(index)
  const all: GossipOptions = {
    ...{ nodeKey, listen: ['/ip4/127.0.0.1/tcp/0'], announce: [], bootnodes: [] },
    ...{ chainId: testPlace.chainId, entryPoint: testPlace.entryPoint, version: entryPoint07 },
    ...{ mempools: [canonical], head: () => testHead, registryPeers: () => [] },
    async onOperation(userOperation, _, told) {
      const validated = validatedOperation(userOperation, {
        verifiedAt: testHead,
        ...(!told.includes(canonical.id) && { mempools: inMempools }),
      })
      const { userOperationHash: hash } = validated
      judged.push(hash)
      const verdict = await verdictOf(hash)
      if (verdict === 'accept') pool.set(hash, validated)
      return verdict
    },
    async onCommit(commit) {
      commits.push(commit)
      return 'accept'
    },
    async onPromise(promise) {
      promises.push(promise)
      return 'accept'
    },
    knownHashes(cursor, limit) {
      const hashes = [...pool.keys()]
      const from = cursor === undefined ? 0 : hashes.indexOf(cursor) + 1
      const page = hashes.slice(from, from + limit)
      return { hashes: page, next: from + limit < hashes.length ? page.at(-1) : undefined }
    },
    operationsOf: hashes => hashes.map(hash => pool.get(hash)).filter(operation => operation !== undefined),
    registry: createRegistry(),
    logger: createLogger({ name: `node ${index}`, level: 'silent' }),
    clock: systemClock,
    ...given,
    // A busy machine must not pass for a slow peer.
    transports: { connectionMonitor: { enabled: false }, ...given.transports },
    limits: { ...patient, connectionsPerAddress: 64, ...given.limits },
  }
  const gossip = createGossip(all)
  return {
    ...{ gossip, options: all, bundlerId: index + 1, publicKey: publicKeyOf(nodeKey) },
    ...{ pool, commits, promises, judged },
    submit(validated) {
      pool.set(validated.userOperationHash, validated)
      gossip.publishOperation(validated)
    },
  }
}

/** As the registry would list them, once they have started. */
export function registered(nodes: readonly TestNode[]): RegistryPeer[] {
  return nodes.map(({ bundlerId, publicKey, gossip }) => ({
    bundlerId,
    publicKey,
    addresses: gossip.addresses(),
  }))
}

/** So many started nodes that find each other by a registry. */
export async function startNodes(
  count: number,
  options: Parameters<typeof createTestNode>[1] = {},
  first = 0,
): Promise<TestNode[]> {
  const nodes: TestNode[] = []
  const registryPeers = (): RegistryPeer[] => registered(nodes)
  for (let index = first; index < first + count; index++) {
    const node = createTestNode(index, { registryPeers, ...options })
    await node.gossip.start()
    nodes.push(node)
  }
  return nodes
}

export async function stopNodes(nodes: readonly TestNode[]): Promise<void> {
  await Promise.all(nodes.map(({ gossip }) => gossip.stop()))
}
