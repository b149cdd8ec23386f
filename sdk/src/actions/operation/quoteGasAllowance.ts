// What to let the paymaster pull for gas, where somebody else sends the operation: a wallet with `wallet_sendCalls`.
import type { Client } from 'viem'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type GetGasQuoteErrorType, getGasQuote } from './getGasQuote.ts'

export type QuoteGasAllowanceParameters = WithContracts
/** Token wei. */
export type QuoteGasAllowanceReturnType = bigint
export type QuoteGasAllowanceErrorType = GetGasQuoteErrorType

/** Above the sum of all gas limits of any single operation of the SDK. */
export const gasPerOperation = 1_200_000n
export const operationsAhead = 20n

/**
 * Quotes an allowance for the gas of some twenty operations, as the SDK's own actions approve it. The client must speak
 * to a bundler. Only what an operation costs is ever taken.
 *
 * @example
 * import { quoteGasAllowance } from '@worldland-aa/sdk/actions/operation/quoteGasAllowance'
 *
 * const gasAllowanceWei = await quoteGasAllowance(bundlerClient, { contracts })
 * const calls = rentInstance.calls({ contracts, offerId, seconds, maximumPricePerSecondWei, gasAllowanceWei })
 */
export async function quoteGasAllowance(
  client: Client | SmartAccountClient,
  { contracts }: QuoteGasAllowanceParameters,
): Promise<QuoteGasAllowanceReturnType> {
  const { tokenWei } = await getGasQuote(client, { contracts, gas: gasPerOperation })
  return tokenWei * operationsAhead
}
