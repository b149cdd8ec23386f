// Where honest people and strangers meet: a devnet whose operator serves the public.

import { worldland } from '@worldland-aa/sdk/chains/worldland'
import { toSimpleSmartAccount } from 'permissionless/accounts'
import { createPublicClient, http, type PrivateKeyAccount, type PublicClient } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { BenchRun } from '../bench/benchRun.ts'
import { createDeploymentClient, type DeploymentClient } from '../deploy/deploymentClient.ts'
import { type Devnet, startDevnet } from '../devnet/startDevnet.ts'
import { type Caller, createCaller } from './caller.ts'
import { createFaucet, type Faucet } from './faucet.ts'

export type OwnedAccount = { readonly account: SmartAccount; readonly owner: PrivateKeyAccount }

export type House = {
  readonly devnet: Devnet
  readonly client: PublicClient
  readonly faucet: Faucet
  /** At the bundler's URL, which serves the paymaster's methods too. */
  caller(address: string): Caller
  /** Somebody's key with coins, which can land bundles itself. */
  richClient(owner: PrivateKeyAccount, amountWei: bigint): Promise<DeploymentClient>
  /** A SimpleAccount of a new key; not deployed. */
  newAccount(): Promise<OwnedAccount>
}

const pollMilliseconds = 200

export async function openHouse({ folder, cleanup, signal, complain }: BenchRun): Promise<House> {
  const devnet = await startDevnet({
    portBase: 0,
    blockTime: 1,
    dataDirectory: folder,
    serving: false,
    signal,
    // For the reputations; that loopback tells who calls is every devnet's way.
    daemonSettings: { bundler: { debugApi: 'true' } },
    onError: complain,
  })
  cleanup.add('devnet', devnet.stop)
  const { rpcUrl, bundlerUrl, faucetKey, contracts, entryPoint } = devnet
  const transport = http(rpcUrl)
  const client = createPublicClient({ chain: worldland, transport, pollingInterval: pollMilliseconds })
  const faucet = createFaucet(
    await createDeploymentClient({ rpcUrl, privateKey: faucetKey, pollMilliseconds }),
    contracts,
  )
  return {
    devnet,
    client: client as PublicClient,
    faucet,
    caller: address => createCaller(bundlerUrl, address),
    async richClient(owner, amountWei) {
      await faucet.giveCoins(owner.address, amountWei)
      return await createDeploymentClient({ rpcUrl, account: owner, pollMilliseconds })
    },
    async newAccount() {
      const owner = privateKeyToAccount(generatePrivateKey())
      const account = await toSimpleSmartAccount({
        client,
        owner,
        entryPoint: { address: entryPoint, version: '0.7' },
        factoryAddress: contracts.simpleAccountFactory,
      })
      return { account: account as SmartAccount, owner }
    },
  }
}
