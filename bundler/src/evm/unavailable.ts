// Why an execution can end without an outcome, besides state that is missing.
import type { Address } from 'viem'

/** Adversarial code ran longer than the caller wants to wait. */
export class StepLimitExceeded extends Error {
  readonly stepLimit: number

  constructor(stepLimit: number) {
    super(`execution takes more than ${stepLimit} steps`)
    this.name = 'StepLimitExceeded'
    this.stepLimit = stepLimit
  }
}

/** A precompile that this EVM cannot compute. */
export class UnavailablePrecompile extends Error {
  readonly address: Address

  constructor(address: Address) {
    super(`precompile ${address} is not available`)
    this.name = 'UnavailablePrecompile'
    this.address = address
  }
}
