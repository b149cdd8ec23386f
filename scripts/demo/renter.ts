// A renter as a dApp would make one: a fresh key, a SimpleAccount, and the market's client on it. Nothing in
// here knows of the devnet but addresses.
import { toSimpleSmartAccount } from 'permissionless/accounts'
import type { Hex } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import type { DevnetFile } from '../devnet/startDevnet.ts'
import { createMarketClient, createNodeClient, type MarketClient, type NodeClient } from './marketClient.ts'

export type Renter = {
  /** The key: it signs, and never holds anything. */
  readonly owner: PrivateKeyAccount
  readonly account: SmartAccount
  readonly publicClient: NodeClient
  readonly client: MarketClient
}

export async function createRenter(network: DevnetFile, privateKey: Hex): Promise<Renter> {
  const publicClient = createNodeClient(network)
  const owner = privateKeyToAccount(privateKey)
  const account = await toSimpleSmartAccount({
    client: publicClient,
    owner,
    entryPoint: { address: network.entryPoint, version: '0.7' },
    factoryAddress: network.contracts.simpleAccountFactory,
  })
  return { owner, account, publicClient, client: createMarketClient(network, { publicClient, account }) }
}
