// Reads one usage right: what it allows, what is left of it, who holds it, all at one block.
import {
  type Address,
  type Client,
  type GetBlockNumberErrorType,
  type Hex,
  type ReadContractErrorType,
  zeroAddress,
} from 'viem'
import { getBlockNumber, readContract } from 'viem/actions'
import * as usageRights from '../../abi/usageRights.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type ComputeError, throwComputeError } from '../../errors/computeError.ts'
import { fromActBits, type RightAct } from './rightActs.ts'

export type GetRightParameters = WithContracts & {
  readonly rightId: bigint
  /** The block to read at; the latest one by default. */
  readonly blockNumber?: bigint | undefined
}
export type Right = {
  readonly rightId: bigint
  /** The contract of the lease or session it stems from. */
  readonly market: Address
  /** The lease's or session's id. */
  readonly agreementId: bigint
  /** Undefined: a root right. */
  readonly parentId: bigint | undefined
  readonly owner: Address
  /** Its ERC-4907 user, if it is lent. */
  readonly user: Address | undefined
  readonly acts: readonly RightAct[]
  /** The most that may ever be spent through it, token wei: a limit, of which nothing is set aside. */
  readonly budgetWei: bigint
  /** Spent through it and all below it, token wei. */
  readonly spentWei: bigint
  /** The most that may be spent through it now, token wei: the least that it or a right above it has left. */
  readonly restWei: bigint
  /** Last second, since 1970, in which it is in force. */
  readonly expiresAtTimestamp: number
  /** Undefined: it reaches all that its parent reaches. */
  readonly endpointHash: Hex | undefined
  /** Revoked, or (a root) ended with its lease or session. */
  readonly revokedAtBlock: bigint | undefined
  /** Whether it and all above it are neither revoked, ended nor expired. */
  readonly isInForce: boolean
  /** The block all this was read at. */
  readonly blockNumber: bigint
}
export type GetRightReturnType = Right
/** A `ComputeError` named `UnknownRight` when there is none of this id. */
export type GetRightErrorType = ComputeError | GetBlockNumberErrorType | ReadContractErrorType

/**
 * Returns a usage right.
 *
 * @example
 * import { getRight } from '@worldland-aa/sdk/actions/rights/getRight'
 *
 * const { owner, acts, restWei, isInForce } = await getRight(publicClient, { contracts, rightId })
 */
export async function getRight(
  client: Client | SmartAccountClient,
  parameters: GetRightParameters,
): Promise<GetRightReturnType> {
  const { contracts, rightId } = parameters
  const chainClient = chainClientOf(client)
  const blockNumber = parameters.blockNumber ?? (await getBlockNumber(chainClient, { cacheTime: 0 }))
  const right = {
    address: contracts.usageRights,
    abi: [
      usageRights.rightOf,
      usageRights.ownerOf,
      usageRights.userOf,
      usageRights.restOf,
      usageRights.isInForce,
      usageRights.agreementOf,
    ],
    args: [rightId],
    blockNumber,
  } as const
  const [struct, owner, user, restWei, isInForce, [market, agreementId]] = await Promise.all([
    readContract(chainClient, { ...right, functionName: 'rightOf' }),
    readContract(chainClient, { ...right, functionName: 'ownerOf' }),
    readContract(chainClient, { ...right, functionName: 'userOf' }),
    readContract(chainClient, { ...right, functionName: 'restOf' }),
    readContract(chainClient, { ...right, functionName: 'isInForce' }),
    readContract(chainClient, { ...right, functionName: 'agreementOf' }),
  ]).catch(throwComputeError)
  return {
    rightId,
    market,
    agreementId,
    parentId: struct.parentId === 0n ? undefined : struct.parentId,
    owner,
    user: user === zeroAddress ? undefined : user,
    acts: fromActBits(struct.acts),
    budgetWei: struct.budgetWei,
    spentWei: struct.spentWei,
    restWei,
    expiresAtTimestamp: struct.expires,
    endpointHash: BigInt(struct.endpointHash) === 0n ? undefined : struct.endpointHash,
    revokedAtBlock: struct.revokedAtBlock === 0n ? undefined : struct.revokedAtBlock,
    isInForce,
    blockNumber,
  }
}
