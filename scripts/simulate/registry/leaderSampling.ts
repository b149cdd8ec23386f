// The leaders of an epoch, drawn by linear weight from its seed, as BundlerRegistry.rollEpoch draws them.
import { encodeAbiParameters, type Hash, keccak256 } from 'viem'

const drawParameters = [{ type: 'bytes32' }, { type: 'uint256' }, { type: 'uint256' }] as const

/**
 * Ids by window, those from 1 in the order of `weightsWei`; empty where nobody has any. Windows before `firstWindow`
 * had begun when the epoch was rolled: 0, open to everybody.
 */
export function sampleLeaders(options: {
  seed: Hash
  epoch: number
  weightsWei: readonly bigint[]
  windows: number
  firstWindow?: number
}): readonly number[] {
  const { seed, epoch, weightsWei, windows, firstWindow = 0 } = options
  let totalWei = 0n
  const sumsWei = weightsWei.map(weight => {
    totalWei += weight
    return totalWei
  })
  if (totalWei === 0n) return []
  return Array.from({ length: windows }, (_, window) => {
    if (window < firstWindow) return 0
    const drawn = encodeAbiParameters(drawParameters, [seed, BigInt(epoch), BigInt(window)])
    return firstAbove(sumsWei, BigInt(keccak256(drawn)) % totalWei) + 1
  })
}

/** The place of the first sum that is above it. */
function firstAbove(sums: readonly bigint[], point: bigint): number {
  let low = 0
  let high = sums.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sums[middle] ?? 0n) > point) high = middle
    else low = middle + 1
  }
  return low
}
