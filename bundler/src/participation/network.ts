// The network between bundlers as this node is part of it: what waits here is there for others, what they bring goes to
// the intake. libp2p is loaded only where there is somebody to hear or to be heard by.
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Hash, Hex } from 'viem'
import type { Mempool } from '../mempool/mempool.ts'
import { createGossip, type Gossip } from './gossip/gossip.ts'
import type { GossipOptions } from './gossip/gossipOptions.ts'
import { alternativeMempool, canonicalMempool } from './gossip/mempools/mempoolIds.ts'
import type { ParticipationOptions } from './participation.ts'
import type { PeerIntake } from './peerIntake.ts'

export type Network = Gossip & { onChainUpdate(update: ChainUpdate): void }

export type NetworkOptions = ParticipationOptions &
  Pick<GossipOptions, 'registryPeers' | 'onPeerHead' | 'onCommit' | 'onPromise' | 'promiseOf'> & {
    readonly nodeKey: Hex
    readonly intake: Pick<PeerIntake, 'onOperation'>
  }

/** Blocks of which it is known by their hash how old they are. */
const rememberedBlocks = 256

/** Undefined where neither --p2p-listen nor --bootnodes is set. */
export function openNetwork(options: NetworkOptions): Network | undefined {
  const { config, chainId, entryPoint, mempool, intake } = options
  if (config.p2pListen.length === 0 && config.bootnodes.length === 0) return undefined
  const place = { chainId, entryPoint, minimumStakeWei: config.minimumStakeWei }
  const numbers = new Map<Hash, bigint>()
  const gossip = createGossip({
    ...options,
    listen: config.p2pListen,
    announce: config.p2pAnnounce,
    bootnodes: config.bootnodes,
    mempools: [
      canonicalMempool(place),
      ...options.alternativeMempools.map(one => alternativeMempool(place, one)),
    ],
    head: options.chain.head,
    blockNumberOf: hash => numbers.get(hash),
    onOperation: (operation, _verifiedAt, _mempools, { caller }) => intake.onOperation(operation, caller),
    knownHashes: (cursor, limit) => page(mempool, cursor, limit),
    operationsOf: hashes => hashes.flatMap(hash => mempool.get(hash)?.validated ?? []),
  })
  return {
    ...gossip,
    onChainUpdate({ removed, added, head }) {
      for (const { hash } of removed) numbers.delete(hash)
      for (const { hash, number } of [...added, head]) numbers.set(hash, number)
      for (const hash of numbers.keys()) {
        if (numbers.size <= rememberedBlocks) break
        numbers.delete(hash)
      }
      gossip.tellHead()
    },
  }
}

/** In order of arrival; from the beginning where what the cursor names has left. */
function page(
  mempool: Mempool,
  cursor: Hash | undefined,
  limit: number,
): { hashes: readonly Hash[]; next: Hash | undefined } {
  const all = [...mempool.waiting()].map(({ validated }) => validated.userOperationHash)
  const start = cursor === undefined ? 0 : all.indexOf(cursor) + 1
  const hashes = all.slice(start, start + limit)
  return { hashes, next: start + limit < all.length ? hashes.at(-1) : undefined }
}
