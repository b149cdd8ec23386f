// Which account the provider is, and how its calls get onto the chain.

import type { AccountClient } from '@worldland-aa/sdk/account/sendCalls'
import { toComputeAccount } from '@worldland-aa/sdk/account/toComputeAccount'
import type { TypedDataSigner } from '@worldland-aa/sdk/account/typedDataSigner'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { createComputeClient } from '@worldland-aa/sdk/clients/createComputeClient'
import type { BlockReference } from '@worldland-aa/service/chain/block'
import type { Logger } from '@worldland-aa/service/logger'
import type { PrivateKeyAccount, PublicClient } from 'viem'
import { createWalletClient, http } from 'viem'
import { createKeySender } from './keySender.ts'
import { createOperationSender } from './operationSender.ts'
import type { Sender } from './sender.ts'

export type ProviderAccount = {
  readonly sender: Sender
  /** The same account as the SDK's actions take it. */
  readonly wallet: AccountClient
  /** Signs what the account stands behind off the chain; a ComputeAccount by ERC-1271, once it is deployed. */
  readonly signer: TypedDataSigner
}

export async function createSender(options: {
  readonly client: PublicClient
  readonly rpcUrl: string
  readonly chainId: number
  readonly contracts: ComputeContracts
  readonly owner: PrivateKeyAccount
  readonly bundlerUrl: string | undefined
  readonly paymasterUrl: string | undefined
  readonly pollMilliseconds: number
  readonly head: () => BlockReference
  readonly logger: Logger
}): Promise<ProviderAccount> {
  const { client, rpcUrl, chainId, contracts, owner, bundlerUrl, paymasterUrl, head, logger } = options
  const { chain, pollMilliseconds: pollingInterval } = { chain: client.chain, ...options }
  if (bundlerUrl === undefined) {
    return {
      sender: createKeySender({ client, account: owner, chainId, head, logger }),
      wallet: createWalletClient({ account: owner, chain, transport: http(rpcUrl), pollingInterval }),
      signer: owner,
    }
  }
  const account = await toComputeAccount({ client, contracts, owner })
  const compute = createComputeClient({
    account,
    ...{ contracts, bundlerUrl, rpcUrl, paymasterUrl, pollingInterval },
    ...(chain && { chain }),
  })
  return {
    sender: createOperationSender({ compute, contracts, head, logger }),
    wallet: compute as AccountClient,
    signer: account,
  }
}
