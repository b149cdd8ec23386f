// The network between bundlers: operations, bundle commits and inclusion promises, told and heard (ERC-4337 P2P, and
// two topics of this suite's own). libp2p is loaded when this starts, and not before.
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Hash } from 'viem'
import type { ValidatedOperation } from '../../validation/validatedOperation.ts'
import type { GossipOptions } from './gossipOptions.ts'
import type { SignedBundleCommit, SignedInclusionPromise } from './messages.ts'
import type { Network } from './network.ts'
import type { PeerStatus } from './peers/peerStatus.ts'

export type Gossip = Part & {
  publishOperation(validated: ValidatedOperation): void
  publishCommit(commit: SignedBundleCommit): void
  publishPromise(promise: SignedInclusionPromise): void
  /** Shows it to one of these bundlers after the other, before all others hear of it; resolves when one has promised it, or none. */
  askPromise(validated: ValidatedOperation, bundlerIds: readonly number[]): Promise<void>
  /** These bundlers may be asked soon. */
  prepareToAsk(bundlerIds: readonly number[]): void
  /** Whether a peer waits for what this node promises of it. */
  isAsked(operation: Hash): boolean
  /** Tells some bundlers of the registry which block is the newest here, and hears which is theirs. */
  tellHead(): void
  peers(): readonly PeerStatus[]
  /** Where others can dial this node, with its peer id; empty before it has started. */
  addresses(): readonly string[]
}

export function createGossip(options: GossipOptions): Gossip {
  let network: Network | undefined
  return {
    name: 'gossip',
    async start() {
      await import('./promiseWithResolvers.ts')
      const { startNetwork } = await import('./network.ts')
      network = await startNetwork(options)
    },
    async stop() {
      await network?.stop()
      network = undefined
    },
    publishOperation: validated => network?.publishOperation(validated),
    publishCommit: commit => network?.publishCommit(commit),
    publishPromise: promise => network?.publishPromise(promise),
    askPromise: async (validated, bundlerIds) => await network?.askPromise(validated, bundlerIds),
    prepareToAsk: bundlerIds => network?.prepareToAsk(bundlerIds),
    isAsked: hash => network?.isAsked(hash) ?? false,
    tellHead: () => network?.tellHead(),
    peers: () => network?.peers() ?? [],
    addresses: () => network?.addresses() ?? [],
  }
}
