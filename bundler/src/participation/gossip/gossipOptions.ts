// What the network between bundlers needs of the node that it is part of.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Clock } from '@worldland-aa/service/clock'
import type { Logger } from '@worldland-aa/service/logger'
import type { Registry } from 'prom-client'
import type { Address, Hash, Hex } from 'viem'
import type { EntryPointVersion } from '../../entryPoint/entryPointVersion.ts'
import type { UserOperation, ValidatedOperation } from '../../validation/validatedOperation.ts'
import type { GossipLimits } from './limits.ts'
import type { SignedBundleCommit, SignedInclusionPromise, Verdict } from './messages.ts'
import type { Transports } from './node.ts'
import type { RegistryPeer } from './peers/roster.ts'
import type { GossipSource } from './peers/source.ts'

export type GossipOptions = {
  /** The secp256k1 key that the registry knows this node by. */
  readonly nodeKey: Hex
  /** libp2p multiaddrs. */
  readonly listen: readonly string[]
  readonly announce: readonly string[]
  /** Each with /p2p/ and the peer id. */
  readonly bootnodes: readonly string[]
  readonly chainId: number
  readonly entryPoint: Address
  readonly version: Pick<EntryPointVersion, 'number' | 'wire' | 'hash'>
  /** The canonical one, which has no name, and alternative ones (ERC-7562 [ALT-010]). */
  readonly mempools: readonly { readonly id: string; readonly name: string | undefined }[]
  readonly head: () => Block
  /** The number of a recent block; undefined for one that is not known. */
  readonly blockNumberOf?: (hash: Hash) => bigint | undefined
  /** Full validation, and into the mempool. `mempools` are the ids of those that it is said to be for. */
  onOperation(
    operation: UserOperation,
    verifiedAt: Hash,
    mempools: readonly string[],
    from: GossipSource,
  ): Promise<Verdict>
  onCommit(commit: SignedBundleCommit): Promise<Verdict>
  onPromise(promise: SignedInclusionPromise): Promise<Verdict>
  /** What this node has promised of an operation that is in the mempool; waits for the disk. */
  readonly promiseOf?: (hash: Hash) => Promise<SignedInclusionPromise | undefined>
  /** What waits here, in an order that stays, from behind `cursor` on. */
  knownHashes(
    cursor: Hash | undefined,
    limit: number,
  ): { readonly hashes: readonly Hash[]; readonly next: Hash | undefined }
  /** Those of them that wait here. */
  operationsOf(hashes: readonly Hash[]): readonly ValidatedOperation[]
  registryPeers(): readonly RegistryPeer[]
  /** A bundler of the registry says which block is its newest; undefined when the connection to it is gone. */
  readonly onPeerHead?: (bundlerId: number, head: bigint | undefined) => void
  /** TCP, noise, yamux and mplex, if not given: tests and simulators have others. */
  readonly transports?: Transports
  readonly limits?: Partial<GossipLimits>
  readonly registry: Registry
  readonly logger: Logger
  readonly clock: Clock
}
