// A provider changes where it describes itself, and the key that renters seal their requests to.
import type { Hex } from 'viem'
import * as providerRegistry from '../abi/providerRegistry.ts'
import { type Call, toCall } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { withSealKey } from '../sealing/sealKeyUri.ts'

export type SetProviderMetadataParameters = WithContracts & {
  /** At most 512 bytes, the key's 75 included. */
  readonly metadataUri: string
  /** Public key for renters to seal their requests to (`createSealingKey`); it goes into the URI. */
  readonly sealKey?: Hex | undefined
}
export type SetProviderMetadataReturnType = SendCallsReturnType
export type SetProviderMetadataErrorType = SendCallsErrorType

/**
 * Changes the provider's metadata URI, and with it its seal key.
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
  const { contracts, metadataUri, sealKey } = parameters
  return [
    toCall(contracts.providerRegistry, {
      abi: [providerRegistry.setMetadataURI],
      functionName: 'setMetadataURI',
      args: [sealKey === undefined ? metadataUri : withSealKey(metadataUri, sealKey)],
    }),
  ]
}
