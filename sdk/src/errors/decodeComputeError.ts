// Turns whatever a failed call, operation or receipt carries into the contract error behind it, in words.
// Works on revert data alone, through the ABIs: never on the text of a message.
import { type Hex, isHex } from 'viem'
import { errorDecoder } from '../protocol/errorDecoder.ts'
import { computeErrorSentences, computeErrorsAbi } from './computeErrors.ts'
import type { Sentence } from './sentences/sentence.ts'

export type DecodeComputeErrorReturnType =
  | (Sentence & {
      /** The custom error's name, or `Error` / `Panic` for Solidity's own. */
      readonly errorName: string
      readonly args: readonly unknown[]
      readonly data: Hex
    })
  | undefined

/**
 * Returns the contract error behind a failure, as a sentence and with a remedy; undefined when it carries
 * no revert data that the contracts of the market, the paymaster, the EntryPoint or the accounts know.
 *
 * @param failure - Revert data, an error thrown by viem, or a user operation receipt.
 *
 * @example
 * import { decodeComputeError } from '@worldland-aa/sdk/errors/decodeComputeError'
 * import { rentInstance } from '@worldland-aa/sdk/actions/lease/rentInstance'
 *
 * try {
 *   await rentInstance(client, { contracts, offerId: 1n, seconds: 60 })
 * } catch (error) {
 *   const decoded = decodeComputeError(error)
 *   console.error(decoded ? `${decoded.problem} ${decoded.remedy}` : error)
 * }
 */
export function decodeComputeError(failure: unknown): DecodeComputeErrorReturnType {
  for (const data of revertDataIn(failure)) {
    const decoded = decode(data)
    if (decoded !== undefined) return decoded
  }
  return undefined
}

const decodeKnownError = errorDecoder(computeErrorsAbi)

function decode(data: Hex): DecodeComputeErrorReturnType {
  const decoded = decodeKnownError(data)
  // Another contract's error: not ours to explain.
  if (decoded === undefined) return undefined
  const { errorName, args } = decoded
  // What reverted inside says more than the wrapper around it.
  const inner =
    errorName === 'FailedOpWithRevert' ? args[2] : errorName === 'PostOpReverted' ? args[0] : undefined
  const innermost = isHex(inner) && inner !== '0x' ? decode(inner) : undefined
  if (innermost !== undefined) return innermost
  const { problem, remedy } =
    computeErrorSentences[errorName]?.(args as never) ?? solidityError(errorName, args)
  return { errorName, args, data, problem, remedy }
}

function solidityError(errorName: string, args: readonly unknown[]): Sentence {
  const reason = errorName === 'Panic' ? `panic ${args[0]}` : String(args[0])
  return { problem: `A call reverted: ${reason}.`, remedy: 'Simulate the calls one by one to find which.' }
}

/** Every piece of hex that may be revert data: the thing itself, or on the way down its causes. */
function* revertDataIn(failure: unknown): Generator<Hex> {
  if (isRevertData(failure)) yield failure
  for (let level: unknown = failure; isRecord(level); level = level.cause) {
    // viem: `raw` of ContractFunctionRevertedError, `data` of an RPC error; a receipt has `reason`.
    for (const candidate of [level.raw, level.data, level.reason]) {
      if (isRevertData(candidate)) yield candidate
      // A bundler's error data is an object around the revert data.
      if (isRecord(candidate)) yield* Object.values(candidate).filter(isRevertData)
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** At least a selector. */
function isRevertData(value: unknown): value is Hex {
  return isHex(value) && value.length >= 10
}
