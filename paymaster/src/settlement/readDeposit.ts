// Of the paymaster's gas deposit in the EntryPoint what is its own, in wei: tips that bundlers have earned and not claimed
// lie there, and are theirs.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import type { PublicClient } from 'viem'
import type { Contracts } from './landings.ts'

export async function readDeposit(client: PublicClient, contracts: Contracts): Promise<bigint> {
  const { entryPoint, paymaster } = contracts
  // In this order: whatever a block between the two brings, what is taken for its own is not more than that.
  const owedWei = await client.readContract({
    ...{ address: paymaster, abi: computePaymasterAbi, functionName: 'tipsOwedWei' },
  })
  const depositWei = await client.readContract({
    ...{ address: entryPoint, abi: entryPoint07Abi, functionName: 'balanceOf' },
    args: [paymaster],
  })
  return ownOf(depositWei, owedWei)
}

/** Where gas has used up what was owed in tips already, nothing is its own. */
export function ownOf(depositWei: bigint, tipsOwedWei: bigint): bigint {
  return depositWei > tipsOwedWei ? depositWei - tipsOwedWei : 0n
}
