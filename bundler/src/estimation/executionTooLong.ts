/** An operation runs on and on: a fault of the operation rather than of the bundler. */
export class ExecutionTooLong extends Error {
  constructor(stepLimit: number) {
    super(
      `it takes more than ${stepLimit} steps, or too many contracts that each only the one before it names`,
    )
    this.name = 'ExecutionTooLong'
  }
}
