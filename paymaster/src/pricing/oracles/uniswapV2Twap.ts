// The mean price of a Uniswap V2 pair of the token and the wrapped coin, over a window of blocks: out of the pair's
// cumulative prices at its beginning and at its end, which nobody can bend within one block. The spot price is only told
// beside it.
import { accept, type Result } from '@worldland-aa/service/result'
import { type Address, isAddressEqual, type PublicClient, parseAbi } from 'viem'
import {
  type PricedToken,
  type PriceMoment,
  type PriceOracle,
  type PriceReading,
  priceUnavailable,
} from './priceOracle.ts'
import type { PriceProblemCode, PriceSays } from './priceProblems.ts'

const pairAbi = parseAbi([
  'function token0() view returns (address)',
  'function token1() view returns (address)',
  'function getReserves() view returns (uint112 reserve0, uint112 reserve1, uint32 blockTimestampLast)',
  'function price0CumulativeLast() view returns (uint256)',
  'function price1CumulativeLast() view returns (uint256)',
])

/** Cumulative prices are UQ112x112 numbers, which are meant to overflow. */
const fixedPoint = 2n ** 112n
const wrap = (value: bigint): bigint => BigInt.asUintN(256, value)

type Observation = {
  readonly blockNumber: bigint
  readonly timestampSeconds: number
  readonly cumulative: bigint
}
type Seen = {
  readonly observation: Observation
  readonly nativeReserve: bigint
  readonly tokenReserve: bigint
}

export function createUniswapV2Twap(options: {
  readonly client: PublicClient
  readonly token: PricedToken
  readonly pair: Address
  readonly wrappedNative: Address
  readonly windowBlocks: number
  readonly minReserveNativeWei: bigint
  readonly maxAgeSeconds: number
}): PriceOracle {
  const { client, token, pair, wrappedNative, minReserveNativeWei, maxAgeSeconds } = options
  const windowBlocks = BigInt(options.windowBlocks)
  const contract = { address: pair, abi: pairAbi } as const
  const none = (code: PriceProblemCode, values: PriceSays['values'] = {}, remedy?: string) =>
    priceUnavailable(code, { source: pair, symbol: token.symbol, ...values }, remedy)
  /** Oldest first; the first is the newest that is a whole window old, as soon as there is one. */
  let observations: Observation[] = []
  let isNativeFirst: boolean | undefined

  async function order(): Promise<Result<boolean>> {
    const [token0, token1] = await Promise.all([
      client.readContract({ ...contract, functionName: 'token0' }),
      client.readContract({ ...contract, functionName: 'token1' }),
    ])
    if (isAddressEqual(token0, wrappedNative) && isAddressEqual(token1, token.address)) return accept(true)
    if (isAddressEqual(token1, wrappedNative) && isAddressEqual(token0, token.address)) return accept(false)
    const wanted = { token: token.address, coin: wrappedNative }
    return none('pairOfOthers', { first: token0, second: token1, ...wanted })
  }

  async function observe(
    { blockNumber, timestampSeconds }: PriceMoment,
    nativeFirst: boolean,
  ): Promise<Seen> {
    const at = { ...contract, blockNumber }
    const [[reserve0, reserve1, lastSeconds], last] = await Promise.all([
      client.readContract({ ...at, functionName: 'getReserves' }),
      client.readContract({
        ...at,
        functionName: nativeFirst ? 'price0CumulativeLast' : 'price1CumulativeLast',
      }),
    ])
    const [nativeReserve, tokenReserve] = nativeFirst ? [reserve0, reserve1] : [reserve1, reserve0]
    // The pair adds up only when it is traded in: what has passed since counts at the price that stands.
    const elapsed = BigInt((timestampSeconds - lastSeconds) >>> 0)
    const since = nativeReserve === 0n ? 0n : ((tokenReserve * fixedPoint) / nativeReserve) * elapsed
    const observation = { blockNumber, timestampSeconds, cumulative: wrap(last + since) }
    return { observation, nativeReserve, tokenReserve }
  }

  /** A node that still has the state of a window ago spares a fresh start the wait. */
  async function lookBack(now: PriceMoment, nativeFirst: boolean): Promise<void> {
    const blockNumber = now.blockNumber - windowBlocks
    if (observations.length > 0 || blockNumber < 0n) return
    try {
      const { timestamp } = await client.getBlock({ blockNumber })
      const { observation, nativeReserve } = await observe(
        { blockNumber, timestampSeconds: Number(timestamp) },
        nativeFirst,
      )
      if (nativeReserve > 0n) observations.push(observation)
    } catch {
      // It has not: the window fills up block by block.
    }
  }

  function keep(observation: Observation): void {
    observations = observations.filter(({ blockNumber }) => blockNumber < observation.blockNumber)
    observations.push(observation)
    const isOldEnough = ({ blockNumber }: Observation) =>
      observation.blockNumber - blockNumber >= windowBlocks
    const base = observations.findLastIndex(isOldEnough)
    if (base > 0) observations = observations.slice(base)
  }

  function meanOf({ observation: newest, nativeReserve, tokenReserve }: Seen): Result<PriceReading> {
    const [oldest = newest] = observations
    const missing = windowBlocks - (newest.blockNumber - oldest.blockNumber)
    if (missing > 0n) {
      return none('pairTooNew', { missing: String(missing) }, 'try again after these')
    }
    const elapsed = BigInt(newest.timestampSeconds - oldest.timestampSeconds)
    const grown = wrap(newest.cumulative - oldest.cumulative)
    if (elapsed <= 0n || grown === 0n) return none('pairNoPrice')
    return accept({
      ratio: { units: grown, wei: elapsed * fixedPoint },
      updatedAtSeconds: newest.timestampSeconds,
      spot: { units: tokenReserve, wei: nativeReserve },
    })
  }

  return {
    kind: 'uniswapV2Twap',
    maxAgeSeconds,
    forget(fromBlockNumber) {
      observations = observations.filter(({ blockNumber }) => blockNumber < fromBlockNumber)
    },
    async read(at) {
      try {
        if (isNativeFirst === undefined) {
          const ordered = await order()
          if (!ordered.ok) return ordered
          isNativeFirst = ordered.value
        }
        await lookBack(at, isNativeFirst)
        const seen = await observe(at, isNativeFirst)
        if (seen.nativeReserve < minReserveNativeWei || seen.nativeReserve === 0n) {
          return none('pairShallow', {
            held: String(seen.nativeReserve),
            least: String(minReserveNativeWei),
          })
        }
        keep(seen.observation)
        return meanOf(seen)
      } catch (error) {
        return none('pairUnread', { why: String((error as Error).message).split('\n', 1)[0] ?? '' })
      }
    },
  }
}
