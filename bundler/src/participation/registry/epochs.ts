// When the table of an epoch can be stored, as the registry's `Epochs` have it: from when its seed lies deep enough until
// the stake of the epoch after it is frozen.

/** Blocks before an epoch's start from which its table can be stored. */
export const rollBlocks = 32n
/** Blocks after its start until which it can be. */
export const rollableBlocks = 160n

/** The epoch that can be stored in a block after `head`, if it has not been. */
export function rollableEpoch(head: bigint, epochBlocks: number): bigint | undefined {
  const blocks = BigInt(epochBlocks)
  const epoch = (head + 1n + rollBlocks) / blocks
  return epoch > 0n && head + 1n < epoch * blocks + rollableBlocks ? epoch : undefined
}

/** Whether nothing that happens after `head` changes the epoch's table. */
export function isPastRolling(epoch: bigint, head: bigint, epochBlocks: number): boolean {
  return head + 1n >= epoch * BigInt(epochBlocks) + rollableBlocks
}
