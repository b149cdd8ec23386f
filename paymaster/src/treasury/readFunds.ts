// What the paymaster has: in the EntryPoint, collected, and in its treasury's hands.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import type { Address, PublicClient } from 'viem'

export type Funds = {
  readonly depositWei: bigint
  readonly stakeWei: bigint
  readonly unstakeDelaySeconds: number
  /** Collected in the token and not turned into deposit yet; what lies in tanks is not counted. */
  readonly revenueWei: bigint
  /** Native coin of the treasury's key, if it has one. */
  readonly coinWei: bigint | undefined
}

export async function readFunds(options: {
  readonly client: PublicClient
  readonly entryPoint: Address
  readonly paymaster: Address
  readonly treasury: Address | undefined
}): Promise<Funds> {
  const { client, entryPoint, paymaster, treasury } = options
  const [info, revenueWei, coinWei] = await Promise.all([
    client.readContract({
      address: entryPoint,
      abi: entryPoint07Abi,
      functionName: 'getDepositInfo',
      args: [paymaster],
    }),
    client.readContract({ address: paymaster, abi: computePaymasterAbi, functionName: 'revenueWei' }),
    treasury && client.getBalance({ address: treasury }),
  ])
  return {
    depositWei: info.deposit,
    stakeWei: info.staked ? info.stake : 0n,
    unstakeDelaySeconds: info.unstakeDelaySec,
    revenueWei,
    coinWei,
  }
}
