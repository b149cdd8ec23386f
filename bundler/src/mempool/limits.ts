// How many may wait, and for whom. ERC-7562's constants are the defaults.

export type MempoolLimits = {
  /** Operations that may wait at once; above it the lowest paying make room. */
  readonly maxOperations: number
  /** Dropped operations whose reason is remembered on the disk: what came to nothing was paid for by nobody. */
  readonly maxDroppedRemembered: number
  /** ERC-7562 SAME_SENDER_MEMPOOL_COUNT */
  readonly maxPerUnstakedSender: number
  /** ERC-7562 SAME_UNSTAKED_ENTITY_MEMPOOL_COUNT */
  readonly maxPerUnstakedPaymaster: number
  /** ERC-7562 THROTTLED_ENTITY_MEMPOOL_COUNT */
  readonly maxPerThrottledEntity: number
  /** Blocks that an operation of a throttled entity may wait. ERC-7562 THROTTLED_ENTITY_LIVE_BLOCKS */
  readonly throttledLiveBlocks: number
  /** Percent by which both fees must exceed those of the operation that is replaced. */
  readonly replacementBumpPercent: number
  /** Whether only one waiting operation of an account may bring its factory: the EntryPoint would refuse the next. */
  readonly oneDeploymentPerSender: boolean
}

export const defaultMempoolLimits: MempoolLimits = {
  maxOperations: 20_000,
  maxDroppedRemembered: 50_000,
  maxPerUnstakedSender: 4,
  maxPerUnstakedPaymaster: 10,
  maxPerThrottledEntity: 4,
  throttledLiveBlocks: 10,
  replacementBumpPercent: 10,
  oneDeploymentPerSender: true,
}
