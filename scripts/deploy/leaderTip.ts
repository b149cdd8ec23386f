// Sets what a sponsored operation gives the bundler whose turn it is, which the paymaster's owner alone can do.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { type Address, encodeFunctionData, isAddressEqual } from 'viem'
import type { DeploymentClient } from './deploymentClient.ts'
import { sendTransactions } from './sendTransactions.ts'

export async function setLeaderTip(options: {
  /** With the owner's key; nothing is sent when the contract has it so already. */
  readonly client: DeploymentClient
  readonly paymaster: Address
  readonly registry: Address
  /** 0: none. */
  readonly tipWei: bigint
}): Promise<Result<{ readonly outcome: 'changed' | 'found' }>> {
  const { client, paymaster, registry, tipWei } = options
  const contract = { address: paymaster, abi: computePaymasterAbi } as const
  const [itsRegistry, itsTipWei] = await client.readContract({ ...contract, functionName: 'leaderTip' })
  if (itsTipWei === tipWei && isAddressEqual(itsRegistry, registry)) return accept({ outcome: 'found' })
  const owner = await client.readContract({ ...contract, functionName: 'owner' })
  if (!isAddressEqual(owner, client.account.address)) {
    return refuse({
      code: 77, // EX_NOPERM of sysexits.h
      message: `The paymaster's owner ${owner} has to call setLeaderTip(${registry}, ${tipWei}) itself: ${client.account.address} is not the owner`,
    })
  }
  if (tipWei > 0n && (await client.getCode({ address: registry })) === undefined) {
    return refuse({
      code: 78, // EX_CONFIG
      message: `There is no registry of bundlers at ${registry}: give the address of a BundlerRegistry by --leader-tip-registry, or a tip of 0`,
    })
  }
  const data = encodeFunctionData({ ...contract, functionName: 'setLeaderTip', args: [registry, tipWei] })
  await sendTransactions(client, [{ to: paymaster, data }])
  return accept({ outcome: 'changed' })
}
