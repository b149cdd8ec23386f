// Somebody in the story: a name, a ComputeAccount of a fresh key without native coin, and the market's
// client.
import { toComputeAccount } from '@worldland-aa/sdk/account/toComputeAccount'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { Address } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { DevnetFile } from '../devnet/startDevnet.ts'
import { createMarketClient, createNodeClient, type MarketClient, type NodeClient } from './marketClient.ts'

export type Actor = {
  readonly name: string
  readonly address: Address
  /** Signs vouchers and statements by ERC-1271, once it is deployed. */
  readonly account: SmartAccount
  readonly publicClient: NodeClient
  readonly contracts: ComputeContracts
  readonly client: MarketClient
}

export async function createActor(network: DevnetFile, name: string): Promise<Actor> {
  const publicClient = createNodeClient(network)
  const account = await toComputeAccount({
    client: publicClient,
    contracts: network.contracts,
    owner: privateKeyToAccount(generatePrivateKey()),
  })
  return {
    name,
    address: account.address,
    account,
    publicClient,
    contracts: network.contracts,
    client: createMarketClient(network, { publicClient, account }),
  }
}
