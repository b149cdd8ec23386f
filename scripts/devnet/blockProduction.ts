// When the devnet's blocks come: at once while it is being set up, then every few seconds, or at the random
// gaps of proof of work.
import type { TestClient } from 'viem'

/** Seconds between blocks, or `pow`: exponentially distributed gaps of ten seconds on average, like WorldLand's. */
export type BlockTime = number | 'pow'

export type BlockProduction = { stop(): void }

const powMeanSeconds = 10
/** A header's time stamp is in whole seconds and must rise. */
const powShortestSeconds = 1

export async function startBlockProduction(
  client: TestClient<'anvil'>,
  options: {
    readonly blockTime: BlockTime
    /** 0 to 1, exclusive; for tests. */
    readonly random?: () => number
    readonly onError: (error: unknown) => void
  },
): Promise<BlockProduction> {
  const { blockTime, random = Math.random, onError } = options
  await client.setAutomine(false)
  if (blockTime !== 'pow') {
    await client.setIntervalMining({ interval: blockTime })
    return { stop: () => undefined }
  }
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const mineNext = (): void => {
    timer = setTimeout(async () => {
      try {
        await client.mine({ blocks: 1 })
      } catch (error) {
        if (!stopped) onError(error)
      }
      if (!stopped) mineNext()
    }, powGapSeconds(random()) * 1_000)
  }
  mineNext()
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** The gap that a number uniformly drawn from 0 to 1 stands for. */
export function powGapSeconds(uniform: number): number {
  return Math.max(powShortestSeconds, -powMeanSeconds * Math.log(1 - uniform))
}
