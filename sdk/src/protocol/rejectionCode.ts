// The JSON-RPC codes with which a bundler turns an operation away: ERC-7769 "Error codes",
// and two that only the reference bundler and its suite know (marked).

export const rejectionCode = {
  /** A field is malformed, missing or out of bounds; the message names it. */
  invalidFields: -32602,
  /** The EntryPoint's validation reverted; the message is its AAxx text. */
  entryPoint: -32500,
  /** The paymaster's validation refused; `data.paymaster`. */
  paymaster: -32501,
  /** An opcode, storage or call rule of ERC-7562 is broken; `data.{rule,entity,…}`. */
  opcode: -32502,
  /** Outside `validAfter…validUntil`; both in `data`. */
  timeRange: -32503,
  /** An entity is throttled or banned, or over its share of the mempool. */
  reputation: -32504,
  /** Stake or unstake delay is too low; `data.{minimumStake,minimumUnstakeDelay}`. */
  stake: -32505,
  /** Signature aggregators are not served (reference bundler). */
  aggregator: -32506,
  /** The account's or paymaster's signature check failed. */
  signature: -32507,
  /** The paymaster's deposit cannot cover its operations in the mempool. */
  paymasterBalance: -32508,
  /** The operation's execution would revert (estimation; reference bundler). */
  executionReverted: -32521,
} as const
