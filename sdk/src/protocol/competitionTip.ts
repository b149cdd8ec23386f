// What a tip must be to get into a block. Where there is room, the least that miners take does, whatever others gave:
// only blocks that were full tell of a price. So nobody raises what others are quoted, or signed for, by a tip of his
// own, unless he fills half of the blocks.

/** As `eth_feeHistory` tells it: by block, `reward` with a column for each percentile that was asked for. */
export type FeeHistory = {
  readonly gasUsedRatio: readonly number[]
  readonly reward?: readonly (readonly bigint[])[] | undefined
}

/** Of a block's gas limit: what is left takes no bundle any more. */
const fullRatio = 0.9

/** Wei per gas: the median over the blocks of what got into each, at the percentile of `column`. */
export function competitionTip(
  { gasUsedRatio, reward = [] }: FeeHistory,
  options: { readonly column: number; readonly leastWei: bigint },
): bigint {
  const { column, leastWei } = options
  const tips = gasUsedRatio
    .map((ratio, block) => (ratio < fullRatio ? leastWei : (reward[block]?.[column] ?? leastWei)))
    .sort((one, other) => (one < other ? -1 : one > other ? 1 : 0))
  return larger(tips[(tips.length - 1) >> 1] ?? leastWei, leastWei)
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other
}
