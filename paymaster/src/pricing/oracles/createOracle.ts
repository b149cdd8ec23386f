// From a price source as the operator set it to the oracle that reads it.

import type { AddressRules } from '@worldland-aa/service/outgoing/publicAddress'
import { getAddress, type PublicClient } from 'viem'
import type { PriceSource } from '../../admin/tokens/schema.ts'
import { createChainlinkFeed } from './chainlinkFeed.ts'
import type { PricedToken, PriceOracle } from './priceOracle.ts'
import { createSignedUrl } from './signedUrl.ts'
import { createUniswapV2Twap } from './uniswapV2Twap.ts'

export type OracleContext = {
  readonly client: PublicClient
  readonly chainId: number
  readonly rules: AddressRules
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}

export function createOracle(context: OracleContext, token: PricedToken, source: PriceSource): PriceOracle {
  const { maxAgeSeconds } = source
  const common = { ...context, token, maxAgeSeconds }
  switch (source.kind) {
    case 'chainlinkFeed':
      return createChainlinkFeed({ ...common, feed: checksummed(source.feed), quotes: source.quotes })
    case 'uniswapV2Twap':
      return createUniswapV2Twap({
        ...common,
        pair: checksummed(source.pair),
        wrappedNative: checksummed(source.wrappedNative),
        windowBlocks: source.windowBlocks,
        minReserveNativeWei: BigInt(source.minReserveNativeWei),
      })
    case 'signedUrl':
      return createSignedUrl({ ...common, url: source.url, signer: checksummed(source.signer) })
  }
}

function checksummed(address: string) {
  return getAddress(address.toLowerCase())
}
