// The node shows less of the chain than it did: one of several nodes that lags, for a while; after that, a node that
// has lost blocks, as one does that was killed before it wrote them down.
import type { BlockReference } from './block.ts'

export type Shortfall = {
  /** What the node shows now, and what it showed before. */
  readonly nodeNumber: bigint
  readonly knownNumber: bigint
  readonly milliseconds: number
}

export type Patience = {
  /** For so long a node that lags is nothing to speak of. */
  readonly quietMilliseconds: number
  /** After so long what the node shows is the chain. */
  readonly lossMilliseconds: number
}

/** Two answers far apart, with an outage between them, prove nothing. */
const leastLooks = 4

export type ShortfallWatch = {
  /** The node's answer fell short. True once it has for so long that the blocks above are lost. */
  fellShort(latest: BlockReference, tip: BlockReference): boolean
  /** One answer that does not was enough to see that the blocks are there. */
  caughtUp(): void
  /** Undefined while the node shows all, or has not for a moment only. */
  current(): Shortfall | undefined
}

export function createShortfallWatch({ quietMilliseconds, lossMilliseconds }: Patience): ShortfallWatch {
  let since: number | undefined
  let looks = 0
  let last: Pick<Shortfall, 'nodeNumber' | 'knownNumber'> | undefined

  const waited = (): number => (since === undefined ? 0 : performance.now() - since)

  return {
    fellShort(latest, tip) {
      since ??= performance.now()
      looks++
      last = { nodeNumber: latest.number, knownNumber: tip.number }
      return looks >= leastLooks && waited() >= lossMilliseconds
    },
    caughtUp() {
      since = undefined
      looks = 0
      last = undefined
    },
    current() {
      const milliseconds = waited()
      return last === undefined || milliseconds < quietMilliseconds ? undefined : { ...last, milliseconds }
    },
  }
}

export function describeShortfall({ nodeNumber, knownNumber, milliseconds }: Shortfall): string {
  return (
    `the node is at block ${nodeNumber} and had shown block ${knownNumber} before; it lags or has lost its chain, ` +
    `for ${Math.round(milliseconds / 1000)} s now`
  )
}
