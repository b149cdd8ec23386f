// Blocks and validity bounds are read against this machine's clock: one that is wrong lets expired operations in.
const longestGapSeconds = 900
/** geth takes no block from further in the future. */
const futureSeconds = 15
const driftSeconds = 10

/** `timestamp` of the newest block. Undefined where the clock will do. */
export function clockProblem(nowSeconds: number, timestamp: bigint): string | undefined {
  const ageSeconds = nowSeconds - Number(timestamp)
  if (ageSeconds < -(futureSeconds + driftSeconds)) {
    return `the newest block is ${-ageSeconds} s in the future: set this machine's clock (NTP)`
  }
  if (ageSeconds > longestGapSeconds) {
    return `the newest block is ${ageSeconds} s old: either the node has fallen behind, or this machine's clock is ahead; compare it with another node, and set the clock by NTP`
  }
  return undefined
}
