// The error that every action of the SDK fails with: a sentence, a remedy, and who said no under what name.
import { BaseError } from 'viem'
import { decodeOutage } from './decodeOutage.ts'
import { decodeWalletRefusal } from './decodeWalletRefusal.ts'
import type { Failure, FailureSource } from './failure.ts'

export class ComputeError extends BaseError {
  override name = 'ComputeError'
  /** What is wrong, with the figures. */
  readonly problem: string
  /** How to mend it. */
  readonly remedy: string
  /** For programs: a contract's custom error, a paymaster's reason, a rule of ERC-7562, an AAxx code. */
  readonly errorName: string | undefined
  readonly source: FailureSource

  constructor(options: {
    problem: string
    remedy: string
    errorName?: string | undefined
    source?: FailureSource
    cause?: unknown
  }) {
    const { problem, remedy, errorName, source = 'sdk', cause } = options
    super(problem, {
      metaMessages: [remedy],
      ...(cause instanceof Error ? { cause } : {}),
    })
    this.problem = problem
    this.remedy = remedy
    this.errorName = errorName
    this.source = source
  }
}

/** Throws what is behind a failure as a `ComputeError`; what nobody refused, as it is. */
export async function throwComputeError(failure: unknown): Promise<never> {
  if (failure instanceof ComputeError) throw failure
  const decoded = decodeWalletRefusal(failure) ?? (await decodeByTables(failure)) ?? decodeOutage(failure)
  throw decoded === undefined ? failure : new ComputeError({ ...decoded, cause: failure })
}

/** The sentences of all contracts are as large as the rest of an action: they are loaded when something fails. */
async function decodeByTables(failure: unknown): Promise<Failure | undefined> {
  try {
    const { decodeComputeError } = await import('./decodeComputeError.ts')
    return decodeComputeError(failure)
  } catch {
    // In a browser without a network they cannot be had.
    return undefined
  }
}
