// The client that deployments use: one funded key, any JSON-RPC node, whatever chain that node serves.
import {
  type Chain,
  type Client,
  createClient,
  defineChain,
  type Hex,
  http,
  type LocalAccount,
  type PublicActions,
  publicActions,
  type Transport,
  type WalletActions,
  walletActions,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

export type DeploymentClient = Client<
  Transport,
  Chain,
  LocalAccount,
  undefined,
  PublicActions<Transport, Chain, LocalAccount> & WalletActions<Chain, LocalAccount>
>

export async function createDeploymentClient(
  options: { rpcUrl: string; pollMilliseconds?: number } & ({ privateKey: Hex } | { account: LocalAccount }),
): Promise<DeploymentClient> {
  const transport = http(options.rpcUrl, { retryCount: 2, timeout: 20_000 })
  const chainId = await createClient({ transport }).extend(publicActions).getChainId()
  return createClient({
    account: 'account' in options ? options.account : privateKeyToAccount(options.privateKey),
    chain: defineChain({
      id: chainId,
      name: `chain ${chainId}`,
      nativeCurrency: { name: 'native coin', symbol: 'coin', decimals: 18 },
      rpcUrls: { default: { http: [options.rpcUrl] } },
    }),
    transport,
    pollingInterval: options.pollMilliseconds ?? 1_000,
  })
    .extend(publicActions)
    .extend(walletActions)
}
