// All that the operator has, in one sum: coins of the executors and the treasury, the deposit, the tokens collected,
// each of which is worth a coin.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import type { House } from './house.ts'

export async function operatorWealthWei({ devnet, client }: House, blockNumber: bigint): Promise<bigint> {
  const { entryPoint, contracts, keys } = devnet
  const { paymaster, token } = contracts
  const holdings = await Promise.all([
    ...[...keys.executors, keys.paymasterOwner].map(({ address }) =>
      client.getBalance({ address, blockNumber }),
    ),
    client.readContract({
      address: token,
      abi: computeTokenAbi,
      functionName: 'balanceOf',
      args: [paymaster],
      blockNumber,
    }),
    client
      .readContract({
        address: entryPoint,
        abi: entryPoint07Abi,
        functionName: 'getDepositInfo',
        args: [paymaster],
        blockNumber,
      })
      .then(({ deposit, stake }) => deposit + stake),
  ])
  return holdings.reduce((sum, holding) => sum + holding, 0n)
}
