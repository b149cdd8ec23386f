// What the contract holds for its owner of each token that was ever set up, by the contract's own word.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import type { Address, PublicClient } from 'viem'
import type { TokenRevenue } from '../../admin/overview/schema.ts'
import type { Tokens } from './tokens.ts'

export function createReadTokenRevenue(options: {
  readonly client: PublicClient
  readonly paymaster: Address
  readonly tokens: Pick<Tokens, 'all'>
}): () => Promise<readonly TokenRevenue[]> {
  const { client, paymaster, tokens } = options
  const contract = { address: paymaster, abi: computePaymasterAbi, functionName: 'erc20Revenue' } as const
  return () =>
    Promise.all(
      tokens.all().map(async ({ address, symbol, decimals }) => {
        // A token that does not answer must not take the whole page with it.
        const units = await client.readContract({ ...contract, args: [address] }).then(String, () => null)
        return { token: address, symbol, decimals, units }
      }),
    )
}
