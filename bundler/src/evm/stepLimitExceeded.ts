// Adversarial code ran longer than the caller wants to wait: what would come of it is not known.

export class StepLimitExceeded extends Error {
  readonly stepLimit: number

  constructor(stepLimit: number) {
    super(`execution takes more than ${stepLimit} steps`)
    this.name = 'StepLimitExceeded'
    this.stepLimit = stepLimit
  }
}
