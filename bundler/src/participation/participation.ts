// Bundling beside others: who leads and may send, what the others hear, and what this node has promised. Without a
// registry, or while nobody is staked in it, everybody may send whenever he likes, and all of this rests.
import type { BlockReference, ChainUpdate } from '@worldland-aa/service/chain/block'
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import type { Clock } from '@worldland-aa/service/clock'
import { type PrivateKey, parseKeys } from '@worldland-aa/service/keys/parsePrivateKeys'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Registry } from 'prom-client'
import type { Address, Hash, PublicClient } from 'viem'
import type { BundlingLimits } from '../bundling/limits.ts'
import type { ChainProfile } from '../chains/chainProfile.ts'
import type { EvmFork } from '../chains/evmFork.ts'
import type { BundlerConfig } from '../config.ts'
import type { Commits, Database } from '../database.ts'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { Mempool, PooledOperation } from '../mempool/mempool.ts'
import type { Reputation } from '../reputation/reputation.ts'
import type { Fees } from '../submission/fees.ts'
import type { Submission } from '../submission/submission.ts'
import type { Turns } from '../turns/turns.ts'
import type { AlternativeMempool } from '../validation/alternativeMempools.ts'
import type { HeadSource } from '../validation/headSource.ts'
import type { Validation } from '../validation/validation.ts'
import { openParticipation } from './openParticipation.ts'
import type { ParticipationStatus } from './participationStatus.ts'
import type { Promises } from './promises/promises.ts'
import { createRegisteredParticipation } from './registeredParticipation.ts'
import type { Landed } from './takers.ts'

/** What bundling asks before it sends. */
export type Permission = {
  /** Whether this operation may go into a bundle for the next block, or for a later one if that has come; always in open mode. */
  mayCarry(operation: PooledOperation, nextBlock: bigint): boolean
  /** The last block at which a bundle that is signed now may land; undefined in open mode. */
  lastBlock(nextBlock: bigint): bigint | undefined
  /** Whether somebody lands operations out of turn, so that who is in turn had better offer all that they pay. */
  isContested(): boolean
  /** Called when this node may send from now on, though no block has come. */
  onTurn(listener: () => void): void
  /** A bundle that was built for `nextBlock` is journaled, and on its way. */
  sent(bundle: SentBundle, nextBlock: bigint): void
}

export type SentBundle = {
  /** In their order in the bundle. */
  readonly operations: readonly Hash[]
  readonly transactionHash: Hash
}

export type Participation = Part &
  Permission & {
    /** A block has come; before any stage has taken it in. */
    see(head: BlockReference): void
    /** These waited here, and have landed, whoever sent them. */
    landed(operations: readonly Landed[]): void
    /** After the mempool has taken the block in, before bundling does. */
    onChainUpdate(update: ChainUpdate): Promise<void>
    /** Who says by when operations land; undefined where nobody does. */
    readonly promises: Pick<Promises, 'wait'> | undefined
    /** What stands in memory, for worldland_getBundlerStatus, /health and /metrics. */
    status(): ParticipationStatus
  }

export type ParticipationOptions = {
  readonly config: Pick<
    BundlerConfig,
    | 'bundlerRegistry'
    | 'bundleGuard'
    | 'nodeKey'
    | 'operatorKey'
    | 'p2pListen'
    | 'p2pAnnounce'
    | 'bootnodes'
    | 'promises'
    | 'promiseMarginBlocks'
    | 'minimumStakeWei'
    | 'maxMempoolOperations'
  >
  readonly client: PublicClient
  readonly chainId: number
  readonly entryPoint: Address
  readonly version: EntryPointVersion
  readonly fork: EvmFork
  readonly profile: Pick<ChainProfile, 'replacementBumpPercent' | 'finalityBlocks' | 'blockTimeSeconds'>
  readonly bundlingLimits: BundlingLimits
  readonly alternativeMempools: readonly AlternativeMempool[]
  readonly executors: readonly Address[]
  readonly database: Database
  readonly commits: Commits
  readonly chain: HeadSource
  readonly mempool: Mempool
  readonly validation: Pick<Validation, 'validate'>
  readonly turns: Turns
  readonly fees: Fees
  readonly reputation: Reputation
  readonly submission: Submission
  readonly registry: Registry
  readonly logger: Logger
  readonly clock: Clock
}

/** Throws, with the reason and the remedy, where the settings will not do. */
export function createParticipation(options: ParticipationOptions): Participation {
  const { bundlerRegistry, bundleGuard, nodeKey, operatorKey } = options.config
  if (bundlerRegistry === undefined) return openParticipation
  if (bundleGuard !== undefined && options.version.number !== '0.7')
    throw misconfigured(
      `--bundle-guard passes bundles to EntryPoint v0.7, and this node serves v${options.version.number}: leave it away`,
    )
  const { p2pListen, bootnodes } = options.config
  if (nodeKey === undefined && p2pListen.length + bootnodes.length > 0)
    throw misconfigured(
      '--p2p-listen and --bootnodes need --node-key-file: the key by which other nodes know this one (`worldland-bundler keys new` makes one)',
    )
  const operator = keyIn(operatorKey, 'operatorKey')
  if (operator !== undefined && options.executors.includes(operator.account.address))
    throw misconfigured(
      `operatorKey is that of executor ${operator.account.address}: its nonces belong to bundles; give another key`,
    )
  return createRegisteredParticipation({
    ...options,
    bundlerRegistry,
    nodeKey: keyIn(nodeKey, 'nodeKey'),
    operatorKey: operator,
  })
}

function keyIn(text: string | undefined, name: string): PrivateKey | undefined {
  if (text === undefined) return undefined
  const keys = parseKeys(text)
  if (!keys.ok) throw misconfigured(`${name}: ${keys.refusal.message}`)
  const [key, second] = keys.value
  if (second !== undefined) throw misconfigured(`${name} holds ${keys.value.length} keys: leave one`)
  return key
}

function misconfigured(problem: string): ExitError {
  return new ExitError(exitCodes.configuration, problem)
}
