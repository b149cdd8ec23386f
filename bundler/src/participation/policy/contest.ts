// Does somebody land operations that nobody in turn has signed for? No strike reaches who is not registered, or who takes
// only what no paymaster reports. What he lives on is what operations pay above a bundle's usual price: while he is about,
// whoever is in turn offers that to the miners, and leaves him nothing. Pure, and the same in the node and in the simulator.
import { greater, lesser } from '../../extremes.ts'

export type Contest = {
  /** An operation that waited here has landed in that block, in a transaction that nobody in turn has signed for. */
  taken(height: bigint): void
  isOn(head: bigint): boolean
}

/** How many times the usual tip is offered at most: what pays more is not worth more to whoever takes it. */
export const mostTipTimes = 4n
/**
 * After the last that was taken, half a day on WorldLand: who comes back when it is over gains one operation in some
 * ten thousand, less than one bundler's share among a thousand.
 */
const lastsBlocks = 4_096n

export function createContest(): Contest {
  let latest: bigint | undefined
  return {
    taken(height) {
      latest = latest === undefined ? height : greater(latest, height)
    },
    // A chain that lost blocks may stand below it.
    isOn: head => latest !== undefined && head < latest + lastsBlocks,
  }
}

/** Wei per gas for the miner: all that the one of a bundle's operations that pays least would bear. */
export function contestedTipWei(usualWei: bigint, offersWei: readonly bigint[]): bigint {
  const most = usualWei * mostTipTimes
  return greater(usualWei, offersWei.reduce(lesser, most))
}
