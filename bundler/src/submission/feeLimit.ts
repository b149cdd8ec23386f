// Whether the most that may be paid for gas lets anything be sent at all: told before there is an operation that waits.
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { formatGwei } from 'viem'

export type FeeLimit = { readonly maxFeePerGasWei: bigint; readonly minimumPriorityFeePerGasWei: bigint }

/** Throws where nothing could ever be sent. */
export function feeLimitFrom(
  { minimumPriorityFeePerGasWei }: Pick<FeeLimit, 'minimumPriorityFeePerGasWei'>,
  { maxFeePerGasWei }: Pick<FeeLimit, 'maxFeePerGasWei'>,
): FeeLimit {
  if (maxFeePerGasWei > minimumPriorityFeePerGasWei) return { maxFeePerGasWei, minimumPriorityFeePerGasWei }
  throw new ExitError(
    exitCodes.configuration,
    `maxFeePerGasWei is ${formatGwei(maxFeePerGasWei)} gwei, and miners take no tip below ${formatGwei(minimumPriorityFeePerGasWei)} gwei: nothing could ever be sent. Raise --max-fee-per-gas-wei (500gwei is the default; a plain number is wei)`,
  )
}

/** Why nothing can be sent at this base fee. */
export function baseFeeProblem(limit: FeeLimit, baseFeePerGas: bigint): string | undefined {
  const neededWei = baseFeePerGas + limit.minimumPriorityFeePerGasWei
  if (limit.maxFeePerGasWei >= neededWei) return undefined
  return `the next block asks for ${formatGwei(neededWei)} gwei with the least tip, and --max-fee-per-gas-wei allows ${formatGwei(limit.maxFeePerGasWei)}: nothing is sent until the base fee has fallen`
}
