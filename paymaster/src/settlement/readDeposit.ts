// The paymaster's gas deposit in the EntryPoint, in wei.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import type { PublicClient } from 'viem'
import type { Contracts } from './landings.ts'

export async function readDeposit(client: PublicClient, contracts: Contracts): Promise<bigint> {
  return await client.readContract({
    address: contracts.entryPoint,
    abi: entryPoint07Abi,
    functionName: 'balanceOf',
    args: [contracts.paymaster],
  })
}
