// Whatever failed, in words: a contract, a bundler, a paymaster, a node, the network, or a wallet.
import { decodeContractError } from './decodeContractError.ts'
import { decodeOutage } from './decodeOutage.ts'
import { decodeRefusal } from './decodeRefusal.ts'
import { decodeWalletRefusal } from './decodeWalletRefusal.ts'
import type { Failure } from './failure.ts'
import { levelsOf } from './levels.ts'

export type DecodeComputeErrorReturnType = Failure | undefined

/**
 * Returns what is behind a failure, as a sentence and with a remedy; undefined when it is nobody's refusal that is
 * known here, such as a fault of the program itself.
 *
 * @param failure - An error thrown by viem or a wallet, revert data, or a user operation receipt.
 *
 * @example
 * import { decodeComputeError } from '@worldland-aa/sdk/errors/decodeComputeError'
 *
 * try {
 *   await bundlerClient.sendUserOperation({ calls })
 * } catch (error) {
 *   const decoded = decodeComputeError(error)
 *   console.error(decoded ? `${decoded.problem} ${decoded.remedy}` : error)
 * }
 */
export function decodeComputeError(failure: unknown): DecodeComputeErrorReturnType {
  // What a contract said goes before the bundler's words about it.
  return (
    decodedBefore(failure) ??
    decodeContractError(failure) ??
    decodeWalletRefusal(failure) ??
    decodeRefusal(failure) ??
    decodeOutage(failure)
  )
}

/** A `ComputeError`, of this copy of the SDK or another. */
function decodedBefore(failure: unknown): Failure | undefined {
  for (const level of levelsOf(failure)) {
    const { name, problem, remedy, source = 'sdk', errorName } = level
    if (name !== 'ComputeError' || typeof problem !== 'string' || typeof remedy !== 'string') continue
    return {
      problem,
      remedy,
      source: source as Failure['source'],
      errorName: errorName as Failure['errorName'],
    }
  }
  return undefined
}
