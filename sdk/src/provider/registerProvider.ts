// Makes an account a provider: registers it, lets the market lock its bond, and stakes the bond.
import type { Address } from 'viem'
import * as providerRegistryAbi from '../abi/providerRegistry.ts'
import { approveCall } from '../account/approveCall.ts'
import { type Call, toCall } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import type { WithContracts } from '../chains/computeContracts.ts'

export type RegisterProviderParameters = WithContracts & {
  /** Who receives the earnings. */
  readonly payout: Address
  /** Where the provider describes itself; at most 512 bytes. */
  readonly metadataUri: string
  /** Token wei; the account must hold them. Each lease locks its offer's bond per unit. */
  readonly stakeWei: bigint
  /** The markets that may lock the bond. Default: the InstanceLease. */
  readonly markets?: readonly Address[] | undefined
}
export type RegisterProviderReturnType = SendCallsReturnType
export type RegisterProviderErrorType = SendCallsErrorType

/**
 * Registers the client's account as a provider.
 *
 * @example
 * import { parseEther } from 'viem'
 * import { registerProvider } from '@worldland-aa/sdk/provider/registerProvider'
 *
 * await registerProvider(walletClient, {
 *   contracts,
 *   payout: walletClient.account.address,
 *   metadataUri: 'https://provider.example/about.json',
 *   stakeWei: parseEther('100'),
 * })
 */
export async function registerProvider(
  client: AccountClient,
  parameters: RegisterProviderParameters,
): Promise<RegisterProviderReturnType> {
  return await sendCalls(client, {
    contracts: parameters.contracts,
    calls: registerProvider.calls(parameters),
  })
}

/** The calls alone, for a batch of one's own. */
registerProvider.calls = (parameters: RegisterProviderParameters): readonly Call[] => {
  const { contracts, payout, metadataUri, stakeWei, markets = [contracts.instanceLease] } = parameters
  const { token, providerRegistry } = contracts
  const abi = [
    providerRegistryAbi.register,
    providerRegistryAbi.setMarket,
    providerRegistryAbi.stake,
  ] as const
  return [
    toCall(providerRegistry, { abi, functionName: 'register', args: [payout, metadataUri] }),
    ...markets.map(market =>
      toCall(providerRegistry, { abi, functionName: 'setMarket', args: [market, true] }),
    ),
    approveCall({ token, spender: providerRegistry, amountWei: stakeWei }),
    toCall(providerRegistry, { abi, functionName: 'stake', args: [stakeWei] }),
  ]
}
