// What the paymaster has: in the EntryPoint, collected, and in its treasury's hands.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import type { Address, PublicClient } from 'viem'
import { ownOf } from '../settlement/readDeposit.ts'

export type Funds = {
  /** Of the gas deposit, without what is owed to bundlers in tips: that is spent. */
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
  const [info, owedWei, revenueWei, coinWei] = await Promise.all([
    client.readContract({
      address: entryPoint,
      abi: entryPoint07Abi,
      functionName: 'getDepositInfo',
      args: [paymaster],
    }),
    client.readContract({ address: paymaster, abi: computePaymasterAbi, functionName: 'tipsOwedWei' }),
    client.readContract({ address: paymaster, abi: computePaymasterAbi, functionName: 'revenueWei' }),
    treasury && client.getBalance({ address: treasury }),
  ])
  return {
    depositWei: ownOf(info.deposit, owedWei),
    stakeWei: info.staked ? info.stake : 0n,
    unstakeDelaySeconds: info.unstakeDelaySec,
    revenueWei,
    coinWei,
  }
}
