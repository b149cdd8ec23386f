// How large, how soon and how well paid a bundle must be.

export type BundlingLimits = {
  /** Gas of one bundle. */
  readonly bundleGasLimit: bigint
  /** Percent of a block's gas that one bundle may ask for. */
  readonly blockGasSharePercent: number
  readonly maxTransactionBytes: number
  /** How long operations gather before a bundle is built. */
  readonly gatherMilliseconds: number
  /** Percent that the operations must pay above the gas of their bundle. */
  readonly profitMarginPercent: number
  /** ERC-7562 THROTTLED_ENTITY_BUNDLE_COUNT */
  readonly maxPerThrottledEntity: number
}
