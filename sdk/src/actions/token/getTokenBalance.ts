// What an account holds in the compute token.
import type { Address, Client, ReadContractErrorType } from 'viem'
import { readContract } from 'viem/actions'
import * as computeToken from '../../abi/computeToken.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'

export type GetTokenBalanceParameters = WithContracts & {
  readonly holder: Address
  /** The block to read at; the latest one by default. */
  readonly blockNumber?: bigint | undefined
}
/** Token wei. */
export type GetTokenBalanceReturnType = bigint
export type GetTokenBalanceErrorType = ReadContractErrorType

/**
 * Returns a balance of the compute token.
 *
 * @example
 * import { getTokenBalance } from '@worldland-aa/sdk/actions/token/getTokenBalance'
 *
 * const wei = await getTokenBalance(publicClient, { contracts, holder: account.address })
 */
export async function getTokenBalance(
  client: Client | SmartAccountClient,
  parameters: GetTokenBalanceParameters,
): Promise<GetTokenBalanceReturnType> {
  const { contracts, holder, blockNumber } = parameters
  return await readContract(chainClientOf(client), {
    address: contracts.token,
    abi: [computeToken.balanceOf],
    functionName: 'balanceOf',
    args: [holder],
    blockNumber,
  })
}
