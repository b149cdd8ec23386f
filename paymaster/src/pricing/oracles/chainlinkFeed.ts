// The price that a Chainlink-style feed (AggregatorV3) tells on the chain: positive, of a finished round, not from the
// future. How old it may be is the operator's setting; whoever keeps prices holds it to that.
import { accept } from '@worldland-aa/service/result'
import { type Address, type PublicClient, parseAbi } from 'viem'
import { type PricedToken, type PriceOracle, priceUnavailable } from './priceOracle.ts'
import type { PriceProblemCode, PriceSays } from './priceProblems.ts'
import { coinsPerToken, tokensPerCoin } from './ratio.ts'

const aggregatorAbi = parseAbi([
  'function decimals() view returns (uint8)',
  'function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)',
])

/** Feeds have 8 or 18; beyond that something else answers. */
const mostDecimals = 36
/** Clocks of nodes and of miners differ by so much. */
const futureSeconds = 900

export function createChainlinkFeed(options: {
  readonly client: PublicClient
  readonly token: PricedToken
  readonly feed: Address
  readonly quotes: 'tokenPerNative' | 'nativePerToken'
  readonly maxAgeSeconds: number
}): PriceOracle {
  const { client, token, feed, quotes, maxAgeSeconds } = options
  const contract = { address: feed, abi: aggregatorAbi } as const
  const none = (code: PriceProblemCode, values: PriceSays['values'] = {}) =>
    priceUnavailable(code, { source: feed, symbol: token.symbol, ...values })
  let decimals: number | undefined
  return {
    kind: 'chainlinkFeed',
    maxAgeSeconds,
    async read({ blockNumber, timestampSeconds }) {
      try {
        decimals ??= await client.readContract({ ...contract, functionName: 'decimals' })
        if (decimals > mostDecimals)
          return none('feedDecimals', { decimals: String(decimals), most: String(mostDecimals) })
        const [roundId, answer, , updatedAt, answeredInRound] = await client.readContract({
          ...contract,
          functionName: 'latestRoundData',
          blockNumber,
        })
        if (answer <= 0n) return none('feedNoPrice', { answer: String(answer) })
        if (updatedAt === 0n) return none('feedUnfinished')
        if (answeredInRound < roundId) {
          return none('feedOldRound', { round: String(roundId), answeredIn: String(answeredInRound) })
        }
        if (updatedAt > BigInt(timestampSeconds + futureSeconds)) return none('feedFuture')
        const ratio = quotes === 'tokenPerNative' ? tokensPerCoin : coinsPerToken
        return accept({
          ratio: ratio(answer, decimals, token.decimals),
          updatedAtSeconds: Number(updatedAt),
        })
      } catch (error) {
        return none('feedUnread', { why: firstLine(error) })
      }
    },
  }
}

function firstLine(error: unknown): string {
  const { shortMessage, message } = error as { shortMessage?: string; message?: string }
  return (shortMessage ?? message ?? String(error)).split('\n', 1)[0] ?? 'for no known reason'
}
