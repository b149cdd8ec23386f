// A provider lets a market lock its bond, or no longer lets it lock more.
import type { Address } from 'viem'
import * as providerRegistry from '../abi/providerRegistry.ts'
import { type Call, toCall } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import type { WithContracts } from '../chains/computeContracts.ts'

export type AllowMarketParameters = WithContracts & {
  /** Such as `contracts.serverlessSession`. */
  readonly market: Address
  /** Default: true. */
  readonly allowed?: boolean | undefined
}
export type AllowMarketReturnType = SendCallsReturnType
export type AllowMarketErrorType = SendCallsErrorType

/**
 * Allows a market contract to lock (and, within its locks, slash) the provider's bond. Taking it back stops
 * new locks only.
 *
 * @example
 * import { allowMarket } from '@worldland-aa/sdk/provider/allowMarket'
 *
 * await allowMarket(walletClient, { contracts, market: contracts.serverlessSession })
 */
export async function allowMarket(
  client: AccountClient,
  parameters: AllowMarketParameters,
): Promise<AllowMarketReturnType> {
  return await sendCalls(client, { contracts: parameters.contracts, calls: allowMarket.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
allowMarket.calls = (parameters: AllowMarketParameters): readonly Call[] => {
  const { contracts, market, allowed = true } = parameters
  return [
    toCall(contracts.providerRegistry, {
      abi: [providerRegistry.setMarket],
      functionName: 'setMarket',
      args: [market, allowed],
    }),
  ]
}
