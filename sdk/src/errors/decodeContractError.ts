// Turns whatever a failed call, operation or receipt carries into the contract error behind it, in words.
// Works on revert data alone, through the ABIs: never on the text of a message.
import { type Hex, isHex } from 'viem'
import { computeErrorsAbi } from '../abi/computeErrors.ts'
import { errorDecoder } from '../protocol/errorDecoder.ts'
import { computeErrorSentences } from './computeErrors.ts'
import { isRecord, levelsOf } from './levels.ts'
import type { Sentence } from './sentences/sentence.ts'

export type ContractFailure = Sentence & {
  readonly source: 'contract'
  /** The custom error's name, or `Error` / `Panic` for Solidity's own. */
  readonly errorName: string
  readonly args: readonly unknown[]
  readonly data: Hex
}

/** Undefined when there is no revert data, or none that a contract known here has written. */
export function decodeContractError(failure: unknown): ContractFailure | undefined {
  for (const data of revertDataIn(failure)) {
    const decoded = decode(data)
    if (decoded !== undefined) return decoded
  }
  return undefined
}

const decodeKnownError = errorDecoder(computeErrorsAbi)

function decode(data: Hex): ContractFailure | undefined {
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
  return { source: 'contract', errorName, args, data, problem, remedy }
}

function solidityError(errorName: string, args: readonly unknown[]): Sentence {
  const reason = errorName === 'Panic' ? `panic ${args[0]}` : String(args[0])
  return { problem: `A call reverted: ${reason}.`, remedy: 'Simulate the calls one by one to find which.' }
}

/** Every piece of hex that may be revert data: the thing itself, or on the way down its causes. */
function* revertDataIn(failure: unknown): Generator<Hex> {
  if (isRevertData(failure)) yield failure
  for (const level of levelsOf(failure)) {
    // viem: `raw` of ContractFunctionRevertedError, `data` of an RPC error; a receipt has `reason`.
    for (const candidate of [level.raw, level.data, level.reason]) {
      if (isRevertData(candidate)) yield candidate
      // A bundler's error data is an object around the revert data.
      if (isRecord(candidate)) yield* Object.values(candidate).filter(isRevertData)
    }
  }
}

/** At least a selector. */
function isRevertData(value: unknown): value is Hex {
  return isHex(value) && value.length >= 10
}
