// What a contract meant by its revert data, in words that a person can act on.
import { computeErrorsAbi } from '@worldland-aa/sdk/errors/computeErrors'
import { decodeErrorResult, type Hex } from 'viem'

const maxShownBytes = 256

/** `undefined` for no data; the hex itself for an error that none of our ABIs knows. */
export function revertReason(revertData: Hex): string | undefined {
  if (revertData === '0x') return undefined
  try {
    const { errorName, args = [] } = decodeErrorResult({ abi: computeErrorsAbi, data: revertData })
    if (errorName === 'Error') return String(args[0])
    return `${errorName}(${args.map(String).join(', ')})`
  } catch {
    const shown = revertData.slice(0, 2 + 2 * maxShownBytes)
    return shown.length < revertData.length ? `${shown}…` : shown
  }
}
