// Reads an account's gas tank: what lies in it, and what its operations spent.
import type { Address, Client, GetBlockNumberErrorType, ReadContractErrorType } from 'viem'
import { getBlockNumber, readContract } from 'viem/actions'
import * as computePaymaster from '../../abi/computePaymaster.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'

export type GetTankParameters = WithContracts & {
  /** Whose tank. */
  readonly holder: Address
  /** The block to read at; the latest one by default. */
  readonly blockNumber?: bigint | undefined
}
export type Tank = {
  /** Token wei: pays for gas, or comes back by `withdrawTank`. No part of it is bound, an exit reserve neither. */
  readonly balanceWei: bigint
  /** Token wei that operations spent and the paymaster has not collected yet. */
  readonly spentWei: bigint
  /** The block all this was read at. */
  readonly blockNumber: bigint
}
export type GetTankReturnType = Tank
export type GetTankErrorType = GetBlockNumberErrorType | ReadContractErrorType

/**
 * Returns what is in an account's gas tank; every account has one, empty at first.
 *
 * @example
 * import { getTank } from '@worldland-aa/sdk/actions/tank/getTank'
 *
 * const { balanceWei } = await getTank(publicClient, { contracts, holder: account.address })
 */
export async function getTank(
  client: Client | SmartAccountClient,
  parameters: GetTankParameters,
): Promise<GetTankReturnType> {
  const { contracts, holder } = parameters
  const chainClient = chainClientOf(client)
  const blockNumber = parameters.blockNumber ?? (await getBlockNumber(chainClient, { cacheTime: 0 }))
  const tank = {
    address: contracts.paymaster,
    abi: [computePaymaster.tankOf, computePaymaster.tankSpentOf],
    args: [holder],
    blockNumber,
  } as const
  const [balanceWei, spentWei] = await Promise.all([
    readContract(chainClient, { ...tank, functionName: 'tankOf' }),
    readContract(chainClient, { ...tank, functionName: 'tankSpentOf' }),
  ])
  return { balanceWei, spentWei, blockNumber }
}
