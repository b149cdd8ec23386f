// What an entity has locked up in the EntryPoint, and how it stands in its storage.

export type Stake = {
  readonly stakeWei: bigint
  readonly unstakeDelaySeconds: number
  /** Not announced to be withdrawn. */
  readonly isLocked: boolean
}

/** From the word with `staked` and the stake at bit `at`, and the word with the delay at bit `delayAt`. */
export function stakeAt(
  { word, at }: { word: bigint; at: bigint },
  delay: { word: bigint; at: bigint },
): Stake {
  return {
    isLocked: BigInt.asUintN(8, word >> at) === 1n,
    stakeWei: BigInt.asUintN(112, word >> (at + 8n)),
    unstakeDelaySeconds: Number(BigInt.asUintN(32, delay.word >> delay.at)),
  }
}
