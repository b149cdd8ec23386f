// How the executors may behave. Waiting is counted in blocks: block time is random.

export type SubmissionLimits = {
  /** Transactions an executor may have waiting at once. */
  readonly maxInFlightPerExecutor: number
  /** Wei below which an executor is set aside until it is refilled. */
  readonly minimumExecutorBalanceWei: bigint
  /** A node refuses a transaction whose gasLimit × maxFeePerGas is above it. */
  readonly transactionFeeCapWei: bigint
  /** Percent by which a replacement must be dearer in both fees (geth --txpool.pricebump). */
  readonly replacementBumpPercent: number
  /** Blocks a transaction may wait before it is replaced by a dearer one. */
  readonly resubmitAfterBlocks: number
  /** Blocks a nonce may wait in all before it is given back by an empty transaction; one that cannot be mined, sooner. */
  readonly cancelAfterBlocks: number
  /** Blocks after which a nonce is given up that no node takes a transaction for, or whose key is gone. */
  readonly giveUpAfterBlocks: number
  /** Depth at which a mined transaction is forgotten. */
  readonly finalityBlocks: number
}
