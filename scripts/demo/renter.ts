// A renter as a dApp would make one: a fresh key, a SimpleAccount, permissionless's client, and the market's
// actions on it. Nothing in here knows of the devnet but addresses.
import { worldland } from '@worldland-aa/sdk/chains/worldland'
import {
  type ComputeReadActions,
  type ComputeWriteActions,
  computeActions,
} from '@worldland-aa/sdk/clients/computeActions'
import { createSmartAccountClient } from 'permissionless'
import { toSimpleSmartAccount } from 'permissionless/accounts'
import { createPimlicoClient } from 'permissionless/clients/pimlico'
import {
  type Chain,
  type Client,
  createPublicClient,
  type Hex,
  http,
  type PublicClient,
  type Transport,
} from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import type { DevnetFile } from '../devnet/startDevnet.ts'

export type Renter = {
  /** The key: it signs, and never holds anything. */
  readonly owner: PrivateKeyAccount
  readonly account: SmartAccount
  readonly publicClient: PublicClient<Transport, Chain>
  readonly client: Client<Transport, Chain, SmartAccount> & ComputeReadActions & ComputeWriteActions
}

export async function createRenter(network: DevnetFile, privateKey: Hex): Promise<Renter> {
  const { rpcUrl, bundlerUrl, contracts, entryPoint } = network
  const pollingInterval = 250
  const publicClient = createPublicClient({ chain: worldland, transport: http(rpcUrl), pollingInterval })
  const bundler = createPimlicoClient({
    chain: worldland,
    transport: http(bundlerUrl),
    entryPoint: { address: entryPoint, version: '0.7' },
  })
  const owner = privateKeyToAccount(privateKey)
  const account = await toSimpleSmartAccount({
    client: publicClient,
    owner,
    entryPoint: { address: entryPoint, version: '0.7' },
    factoryAddress: contracts.simpleAccountFactory,
  })
  const client = createSmartAccountClient({
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
  return { owner, account, publicClient, client }
}
