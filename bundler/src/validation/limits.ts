// The bounds within which an operation is taken. ERC-7562's constants are the defaults; where the
// official suite contradicts the ERC (erc-7562 LIM-060, LIM-030, EREP-050) an operator chooses.

export type ValidationLimits = {
  /** Bytes of the ABI-encoded operation. ERC-7562 MAX_USEROP_SIZE */
  readonly maxOperationBytes: number
  /** Gas, each for verificationGasLimit and paymasterVerificationGasLimit. */
  readonly maxVerificationGas: bigint
  /** Gas, all limits of one operation together: what a bundle of one may take. */
  readonly maxOperationGas: bigint
  /** Gas by which a verification limit must exceed what the trace used. ERC-7562 [LIM-030] */
  readonly verificationGasSlack: bigint
  /** Bytes a paymaster may hand from validation to postOp. ERC-7562 MAX_CONTEXT_SIZE */
  readonly maxContextBytes: number
  /** ERC-7562 [EREP-050] comes and goes in the ERC; with EntryPoint v0.7 the official suite expects it allowed. */
  readonly allowUnstakedPaymasterContext: boolean
  /** ERC-7562 [STO-022] as it is written; with EntryPoint v0.7 the official suite has it for the account alone. */
  readonly stakedFactoryVouchesForPaymaster: boolean
}

export const defaultValidationLimits: ValidationLimits = {
  maxOperationBytes: 8_192,
  // ERC-7562 says 500,000; the suite and account deployments in the field need more.
  maxVerificationGas: 3_000_000n,
  maxOperationGas: 15_000_000n,
  verificationGasSlack: 4_000n,
  maxContextBytes: 2_048,
  allowUnstakedPaymasterContext: true,
  stakedFactoryVouchesForPaymaster: false,
}

/** What makes an entity "staked". ERC-7562 [SREP-010] */
export type StakeMinimums = {
  readonly stakeWei: bigint
  readonly unstakeDelaySeconds: number
}

export const defaultStakeMinimums: StakeMinimums = {
  stakeWei: 1_000_000_000_000_000_000n,
  unstakeDelaySeconds: 86_400,
}

/** Wei per gas below which the bundler could not send a bundle without a loss. */
export type MinimumFees = {
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}
