// Why something was not sent, in a sentence. An outage of node or bundler is no refusal: it is thrown on.
import { decodeComputeError } from '@worldland-aa/sdk/errors/decodeComputeError'
import { BaseError } from 'viem'
import type { SendRefusal } from './sender.ts'

/** Throws `error` where nobody refused anything. */
export function sendRefusalOf(error: unknown): SendRefusal {
  const failure = decodeComputeError(error)
  if (failure?.source === 'network') throw error
  if (failure !== undefined) {
    return { code: failure.errorName ?? failure.source, message: `${failure.problem} ${failure.remedy}` }
  }
  // A revert without a reason, or in the words of a contract that is not the market's.
  if (error instanceof BaseError) return { code: error.name, message: error.shortMessage }
  throw error
}
