// One action beside the usual client: what a dApp pays for renting alone.
import { rentInstance, worldland } from '@worldland-aa/sdk'
import { createSmartAccountClient } from 'permissionless'
import { toSimpleSmartAccount } from 'permissionless/accounts'
import { createPublicClient, http } from 'viem'
import { entryPoint07Address } from 'viem/account-abstraction'
import { privateKeyToAccount } from 'viem/accounts'

export async function rent({ key, rpcUrl, bundlerUrl, contracts, offerId }) {
  const client = createPublicClient({ chain: worldland, transport: http(rpcUrl) })
  const account = await toSimpleSmartAccount({
    client,
    owner: privateKeyToAccount(key),
    entryPoint: { address: entryPoint07Address, version: '0.7' },
    factoryAddress: contracts.simpleAccountFactory,
  })
  const renter = createSmartAccountClient({
    account,
    client,
    bundlerTransport: http(bundlerUrl),
    paymaster: true,
    paymasterContext: { token: contracts.token },
  })
  return await rentInstance(renter, { contracts, offerId, seconds: 3600 })
}
