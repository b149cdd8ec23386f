// How much gas to set aside in a tank so that a lease can be ended by whoever's wallet is empty by then.
import type { Client } from 'viem'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type GetGasQuoteErrorType, getGasQuote } from '../operation/getGasQuote.ts'
import { gasPerOperation } from '../operation/quoteGasAllowance.ts'

export type QuoteExitReserveParameters = WithContracts
/** Token wei. */
export type QuoteExitReserveReturnType = bigint
export type QuoteExitReserveErrorType = GetGasQuoteErrorType

/** The price of gas may rise that much until the lease ends; what is not needed comes back. */
const priceRise = 3n

/**
 * Quotes the gas of stopping and settling a lease in one operation, at three times the present price. The client
 * must speak to a bundler.
 *
 * @example
 * import { quoteExitReserve } from '@worldland-aa/sdk/actions/tank/quoteExitReserve'
 *
 * const reserveWei = await quoteExitReserve(smartAccountClient, { contracts })
 */
export async function quoteExitReserve(
  client: Client | SmartAccountClient,
  { contracts }: QuoteExitReserveParameters,
): Promise<QuoteExitReserveReturnType> {
  // All gas limits count: the paymaster signs for no more than the tank holds.
  const { tokenWei } = await getGasQuote(client, { contracts, gas: gasPerOperation })
  return tokenWei * priceRise
}
