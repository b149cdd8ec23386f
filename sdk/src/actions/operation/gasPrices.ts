// What a unit of gas costs now: the bundler's fees, and the paymaster's rate into the compute token.
import { type Client, type Hex, hexToBigInt, numberToHex, type Transport } from 'viem'
import { getChainId } from 'viem/actions'
import { bundlerFees } from '../../account/bundlerFees.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import { ComputeError } from '../../errors/computeError.ts'
import { entryPoint07Address } from '../../protocol/entryPoint.ts'

export type GasPrices = {
  /** Native wei. */
  readonly maxFeePerGasWei: bigint
  readonly maxPriorityFeePerGasWei: bigint
  /** Token wei for 1e18 native wei, the paymaster's markup included. */
  readonly exchangeRate: bigint
  /** Gas of the paymaster's own last step, at the most. */
  readonly postOpGas: bigint
  /** Where the token keeps its balances (the mapping's slot), where the paymaster has found it. */
  readonly balanceSlot: bigint | undefined
}

export async function gasPrices(
  client: Client | SmartAccountClient,
  { contracts }: WithContracts,
): Promise<GasPrices> {
  const bundler = client as Client as Client<Transport, undefined, undefined, TokenQuotesRpcSchema>
  const chainId = client.chain?.id ?? (await getChainId(client as Client))
  const [fees, { quotes }] = await Promise.all([
    bundlerFees(client),
    bundler.request({
      method: 'pimlico_getTokenQuotes',
      params: [{ tokens: [contracts.token] }, entryPoint07Address, numberToHex(chainId)],
    }),
  ])
  const quote = quotes.find(({ token }) => token.toLowerCase() === contracts.token.toLowerCase())
  if (quote === undefined) {
    throw new ComputeError({
      problem: `The paymaster does not take the token ${contracts.token}.`,
      remedy: 'Ask a bundler of this market, or check the contracts.',
    })
  }
  return {
    maxFeePerGasWei: fees.maxFeePerGas,
    maxPriorityFeePerGasWei: fees.maxPriorityFeePerGas,
    exchangeRate: hexToBigInt(quote.exchangeRate),
    postOpGas: hexToBigInt(quote.postOpGas),
    balanceSlot: quote.balanceSlot === undefined ? undefined : hexToBigInt(quote.balanceSlot),
  }
}

/** Exchange rates are fixed-point numbers of 18 decimals. */
const one = 10n ** 18n

/** Rounded up, as the paymaster does. */
export function toTokenWei(nativeWei: bigint, { exchangeRate }: Pick<GasPrices, 'exchangeRate'>): bigint {
  return (nativeWei * exchangeRate + one - 1n) / one
}

type TokenQuotesRpcSchema = [
  {
    Method: 'pimlico_getTokenQuotes'
    Parameters: [tokens: { tokens: Hex[] }, entryPoint: Hex, chainId: Hex]
    ReturnType: {
      readonly quotes: readonly {
        readonly token: Hex
        readonly postOpGas: Hex
        readonly exchangeRate: Hex
        readonly balanceSlot?: Hex
      }[]
    }
  },
]
