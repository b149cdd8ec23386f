// Whether somebody may act by one right.
import { type Address, type Client, type Hex, type ReadContractErrorType, zeroHash } from 'viem'
import { readContract } from 'viem/actions'
import * as usageRights from '../../abi/usageRights.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type RightAct, toActBits } from './rightActs.ts'

export type IsRightAuthorizedParameters = WithContracts & {
  readonly rightId: bigint
  readonly user: Address
  /** All of them must be allowed. Default: `use`. */
  readonly acts?: readonly RightAct[] | undefined
  /** Default: the whole of its lease or session. */
  readonly endpointHash?: Hex | undefined
  /** The block to read at; the latest one by default. */
  readonly blockNumber?: bigint | undefined
}
export type IsRightAuthorizedReturnType = boolean
export type IsRightAuthorizedErrorType = ReadContractErrorType

/**
 * Returns whether an account holds a right in force that allows all of the acts.
 *
 * @example
 * import { isRightAuthorized } from '@worldland-aa/sdk/actions/rights/isRightAuthorized'
 *
 * const maySign = await isRightAuthorized(publicClient, { contracts, rightId, user: signer, acts: ['use'] })
 */
export async function isRightAuthorized(
  client: Client | SmartAccountClient,
  parameters: IsRightAuthorizedParameters,
): Promise<IsRightAuthorizedReturnType> {
  const { contracts, rightId, user, acts = ['use'], endpointHash = zeroHash, blockNumber } = parameters
  return await readContract(chainClientOf(client), {
    address: contracts.usageRights,
    abi: [usageRights.isRightAuthorized],
    functionName: 'isRightAuthorized',
    args: [rightId, user, toActBits(acts), endpointHash],
    ...(blockNumber !== undefined && { blockNumber }),
  })
}
