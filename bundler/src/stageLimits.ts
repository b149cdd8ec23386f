// What the settings and the chain's profile make of the limits of the stages.
import type { BundlingLimits } from './bundling/limits.ts'
import type { ChainProfile } from './chains/chainProfile.ts'
import type { BundlerConfig } from './config.ts'
import type { SubmissionLimits } from './submission/limits.ts'

export function submissionLimitsFrom(config: BundlerConfig, profile: ChainProfile): SubmissionLimits {
  return {
    maxInFlightPerExecutor: config.maxInFlightPerExecutor,
    minimumExecutorBalanceWei: config.minimumExecutorBalanceWei,
    transactionFeeCapWei: profile.transactionFeeCapWei,
    replacementBumpPercent: profile.replacementBumpPercent,
    resubmitAfterBlocks: config.resubmitAfterBlocks,
    cancelAfterBlocks: config.resubmitAfterBlocks * 2,
    giveUpAfterBlocks: config.resubmitAfterBlocks * 10,
    finalityBlocks: profile.finalityBlocks,
  }
}

export function bundlingLimitsFrom(config: BundlerConfig, profile: ChainProfile): BundlingLimits {
  return {
    bundleGasLimit: BigInt(config.bundleGasLimit),
    blockGasSharePercent: 90,
    maxTransactionBytes: profile.maxTransactionBytes,
    gatherMilliseconds: config.bundleIntervalMilliseconds,
    profitMarginPercent: config.profitMarginPercent,
    maxPerThrottledEntity: 4,
  }
}
