// WorldLand as viem describes a chain: London EVM, proof of work, a block every 10 seconds on average.
import type { Chain } from 'viem'

/**
 * WorldLand mainnet ("Seoul"), chain 103. The devnet has the same id: give its RPC address to the transport.
 *
 * @example
 * import { createPublicClient, http } from 'viem'
 * import { worldland } from '@worldland-aa/sdk/chains/worldland'
 *
 * const publicClient = createPublicClient({ chain: worldland, transport: http() })
 */
export const worldland = {
  id: 103,
  name: 'WorldLand',
  // Milliseconds, and only a mean: the gap is exponentially distributed, one in 400 is above 60 s.
  blockTime: 10_000,
  nativeCurrency: { name: 'WorldLand Coin', symbol: 'WLC', decimals: 18 },
  rpcUrls: { default: { http: ['https://seoul.worldland.foundation'] } },
  blockExplorers: { default: { name: 'WorldLand Scan', url: 'https://scan.worldland.foundation' } },
} as const satisfies Chain
