// What an amount of gas costs in the compute token, by the bundler's price and the paymaster's markup.
import type { Client, RpcErrorType } from 'viem'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import { gasPrices, toTokenWei } from './gasPrices.ts'

export type GetGasQuoteParameters = WithContracts & {
  /** Gas of the operation: all its limits for the most, what it uses for the expected cost. */
  readonly gas: bigint
}
export type GetGasQuoteReturnType = {
  /** Token wei, the paymaster's own work and markup included. */
  readonly tokenWei: bigint
  /** Native wei, without the paymaster. */
  readonly nativeWei: bigint
  readonly maxFeePerGasWei: bigint
}
export type GetGasQuoteErrorType = RpcErrorType

/**
 * Returns what gas costs in the compute token. The client must speak to a bundler (or gateway) that serves
 * `pimlico_getUserOperationGasPrice` and `pimlico_getTokenQuotes`.
 *
 * @example
 * import { getGasQuote } from '@worldland-aa/sdk/actions/operation/getGasQuote'
 *
 * const { tokenWei } = await getGasQuote(bundlerClient, { contracts, gas: 700_000n })
 */
export async function getGasQuote(
  client: Client | SmartAccountClient,
  parameters: GetGasQuoteParameters,
): Promise<GetGasQuoteReturnType> {
  const { contracts, gas } = parameters
  const prices = await gasPrices(client, { contracts })
  const { maxFeePerGasWei, postOpGas } = prices
  return {
    tokenWei: toTokenWei((gas + postOpGas) * maxFeePerGasWei, prices),
    nativeWei: gas * maxFeePerGasWei,
    maxFeePerGasWei,
  }
}
