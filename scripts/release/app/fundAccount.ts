// The devnet's faucet gives compute tokens; elsewhere a visitor brings their own.
import { computeTokenAbi, worldland } from '@worldland-aa/sdk'
import { type Address, createWalletClient, http, parseEther, publicActions } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { Devnet } from './createRenter'

export async function fundAccount({ rpcUrl, contracts, faucetKey }: Devnet, account: Address): Promise<void> {
  const faucet = createWalletClient({
    account: privateKeyToAccount(faucetKey),
    chain: worldland,
    transport: http(rpcUrl),
    pollingInterval: 500,
  }).extend(publicActions)
  const hash = await faucet.writeContract({
    address: contracts.token,
    abi: computeTokenAbi,
    functionName: 'depositTo',
    args: [account],
    value: parseEther('1'),
  })
  await faucet.waitForTransactionReceipt({ hash })
}
