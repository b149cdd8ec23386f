// What the SDK throws when a rental cannot go on: a sentence, a remedy, and the contract error when there is
// one.
import { BaseError } from 'viem'
import { decodeComputeError } from './decodeComputeError.ts'
import { decodeTankDenial } from './decodeTankDenial.ts'

export class ComputeError extends BaseError {
  override name = 'ComputeError'
  /** The contract's custom error, when one is behind it. */
  readonly errorName: string | undefined

  constructor(options: { problem: string; remedy: string; errorName?: string; cause?: unknown }) {
    const { problem, remedy, errorName, cause } = options
    super(problem, {
      metaMessages: [remedy],
      ...(cause instanceof Error ? { cause } : {}),
    })
    this.errorName = errorName
  }
}

/**
 * Throws the contract error, or the paymaster's word about a gas tank, behind a failure as a `ComputeError`; any
 * other failure as it is.
 */
export function throwComputeError(failure: unknown): never {
  const decoded =
    failure instanceof ComputeError ? undefined : (decodeComputeError(failure) ?? decodeTankDenial(failure))
  throw decoded === undefined ? failure : new ComputeError({ ...decoded, cause: failure })
}
