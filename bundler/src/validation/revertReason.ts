// What a contract meant by its revert data, in words that a person can act on.
import { computeErrorsAbi } from '@worldland-aa/sdk/abi/computeErrors'
import { errorDecoder } from '@worldland-aa/sdk/protocol/errorDecoder'
import type { Hex } from 'viem'

const maxShownBytes = 256

const decode = errorDecoder(computeErrorsAbi)

/** `undefined` for no data; the hex itself for an error that none of our ABIs knows. */
export function revertReason(revertData: Hex): string | undefined {
  if (revertData === '0x') return undefined
  const error = decode(revertData)
  if (error === undefined) {
    const shown = revertData.slice(0, 2 + 2 * maxShownBytes)
    return shown.length < revertData.length ? `${shown}…` : shown
  }
  const { errorName, args } = error
  return errorName === 'Error' ? String(args[0]) : `${errorName}(${args.map(String).join(', ')})`
}
