// What an amount of gas costs in the compute token, by the bundler's price and the paymaster's markup.
import { type Client, type Hex, hexToBigInt, numberToHex, type RpcErrorType, type Transport } from 'viem'
import { getChainId } from 'viem/actions'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import { entryPoint07Address } from '../../protocol/entryPoint.ts'

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
  const bundler = client as Client as Client<Transport, undefined, undefined, GasQuoteRpcSchema>
  const chainId = client.chain?.id ?? (await getChainId(client as Client))
  const [prices, { quotes }] = await Promise.all([
    bundler.request({ method: 'pimlico_getUserOperationGasPrice', params: [] }),
    bundler.request({
      method: 'pimlico_getTokenQuotes',
      params: [{ tokens: [contracts.token] }, entryPoint07Address, numberToHex(chainId)],
    }),
  ])
  const quote = quotes.find(({ token }) => token.toLowerCase() === contracts.token.toLowerCase())
  if (quote === undefined) {
    throw new Error(
      `The paymaster does not take the token ${contracts.token}: does the bundler belong to this market?`,
    )
  }
  const maxFeePerGasWei = hexToBigInt(prices.fast.maxFeePerGas)
  const nativeWei = gas * maxFeePerGasWei
  const billedWei = (gas + hexToBigInt(quote.postOpGas)) * maxFeePerGasWei
  const scaled = billedWei * hexToBigInt(quote.exchangeRate)
  return { tokenWei: (scaled + one - 1n) / one, nativeWei, maxFeePerGasWei }
}

/** Exchange rates are fixed-point numbers of 18 decimals. */
const one = 10n ** 18n

type GasPrice = { readonly maxFeePerGas: Hex; readonly maxPriorityFeePerGas: Hex }

type GasQuoteRpcSchema = [
  {
    Method: 'pimlico_getUserOperationGasPrice'
    Parameters: []
    ReturnType: { readonly slow: GasPrice; readonly standard: GasPrice; readonly fast: GasPrice }
  },
  {
    Method: 'pimlico_getTokenQuotes'
    Parameters: [tokens: { tokens: Hex[] }, entryPoint: Hex, chainId: Hex]
    ReturnType: {
      readonly quotes: readonly { readonly token: Hex; readonly postOpGas: Hex; readonly exchangeRate: Hex }[]
    }
  },
]
