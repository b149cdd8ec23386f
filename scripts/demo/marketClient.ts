// The client that a dApp has for one smart account: permissionless's, with the market's actions on it, and
// gas paid in the compute token.
import { worldland } from '@worldland-aa/sdk/chains/worldland'
import {
  type ComputeReadActions,
  type ComputeWriteActions,
  computeActions,
} from '@worldland-aa/sdk/clients/computeActions'
import { createSmartAccountClient } from 'permissionless'
import { createPimlicoClient } from 'permissionless/clients/pimlico'
import { type Chain, type Client, createPublicClient, http, type PublicClient, type Transport } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import type { DevnetFile } from '../devnet/startDevnet.ts'

export type NodeClient = PublicClient<Transport, Chain>
export type MarketClient = Client<Transport, Chain, SmartAccount> & ComputeReadActions & ComputeWriteActions

const pollingInterval = 250

export function createNodeClient({ rpcUrl }: DevnetFile): NodeClient {
  return createPublicClient({ chain: worldland, transport: http(rpcUrl), pollingInterval })
}

export function createMarketClient(
  network: DevnetFile,
  parties: { readonly publicClient: NodeClient; readonly account: SmartAccount },
): MarketClient {
  const { bundlerUrl, contracts, entryPoint } = network
  const { publicClient, account } = parties
  const bundler = createPimlicoClient({
    chain: worldland,
    transport: http(bundlerUrl),
    entryPoint: { address: entryPoint, version: '0.7' },
  })
  return createSmartAccountClient({
    account,
    chain: worldland,
    client: publicClient,
    bundlerTransport: http(bundlerUrl),
    pollingInterval,
    // The bundler's URL answers for the paymaster too; the token is what pays.
    paymaster: true,
    paymasterContext: { token: contracts.token },
    userOperation: {
      estimateFeesPerGas: async () => (await bundler.getUserOperationGasPrice()).fast,
    },
  }).extend(computeActions({ contracts }))
}
