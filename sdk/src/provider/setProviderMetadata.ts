// A provider changes where it describes itself.
import * as providerRegistry from '../abi/providerRegistry.ts'
import { type Call, toCall } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import type { WithContracts } from '../chains/computeContracts.ts'

export type SetProviderMetadataParameters = WithContracts & {
  /** At most 512 bytes. */
  readonly metadataUri: string
}
export type SetProviderMetadataReturnType = SendCallsReturnType
export type SetProviderMetadataErrorType = SendCallsErrorType

/**
 * Changes the provider's metadata URI.
 *
 * @example
 * import { setProviderMetadata } from '@worldland-aa/sdk/provider/setProviderMetadata'
 *
 * await setProviderMetadata(walletClient, { contracts, metadataUri: 'https://provider.example/about.json' })
 */
export async function setProviderMetadata(
  client: AccountClient,
  parameters: SetProviderMetadataParameters,
): Promise<SetProviderMetadataReturnType> {
  return await sendCalls(client, {
    contracts: parameters.contracts,
    calls: setProviderMetadata.calls(parameters),
  })
}

/** The calls alone, for a batch of one's own. */
setProviderMetadata.calls = (parameters: SetProviderMetadataParameters): readonly Call[] => {
  const { contracts, metadataUri } = parameters
  return [
    toCall(contracts.providerRegistry, {
      abi: [providerRegistry.setMetadataURI],
      functionName: 'setMetadataURI',
      args: [metadataUri],
    }),
  ]
}
