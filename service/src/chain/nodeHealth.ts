// What /health says of the node: whether it answers, and whether it still has the chain that it showed.
import type { ChainFollower } from './chainFollower.ts'
import { describeShortfall } from './shortfall.ts'

const patienceMilliseconds = 30_000

export function nodeHealth(chain: Pick<ChainFollower, 'silentMilliseconds' | 'shortfall'>): {
  readonly healthy: boolean
  readonly says: string
} {
  const silent = chain.silentMilliseconds()
  if (silent >= patienceMilliseconds) {
    return { healthy: false, says: `has not answered for ${Math.round(silent / 1000)} s` }
  }
  const shortfall = chain.shortfall()
  return shortfall === undefined
    ? { healthy: true, says: 'answers' }
    : { healthy: false, says: describeShortfall(shortfall) }
}
