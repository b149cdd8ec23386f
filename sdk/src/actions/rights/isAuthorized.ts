// What a provider's gateway asks before it lets somebody in.
import { type Address, type Client, type Hex, type ReadContractErrorType, zeroHash } from 'viem'
import { readContract } from 'viem/actions'
import * as usageRights from '../../abi/usageRights.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type RightAct, toActBits } from './rightActs.ts'

export type IsAuthorizedParameters = WithContracts & {
  /** `contracts.instanceLease` or `contracts.serverlessSession`. */
  readonly market: Address
  /** The lease's or session's id. */
  readonly agreementId: bigint
  readonly user: Address
  /** All of them must be allowed. Default: `use`. */
  readonly acts?: readonly RightAct[] | undefined
  /** Default: the whole of the lease or session. */
  readonly endpointHash?: Hex | undefined
}
export type IsAuthorizedReturnType = boolean
export type IsAuthorizedErrorType = ReadContractErrorType

/**
 * Returns whether an account may act in a lease or session now: by its root right, or by the right that the
 * account chose (the first one it received, unless it chose another by `chooseRight`).
 *
 * @example
 * import { isAuthorized } from '@worldland-aa/sdk/actions/rights/isAuthorized'
 *
 * const mayEnter = await isAuthorized(publicClient, {
 *   contracts,
 *   market: contracts.instanceLease,
 *   agreementId: leaseId,
 *   user: visitor,
 * })
 */
export async function isAuthorized(
  client: Client | SmartAccountClient,
  parameters: IsAuthorizedParameters,
): Promise<IsAuthorizedReturnType> {
  const { contracts, market, agreementId, user, acts = ['use'], endpointHash = zeroHash } = parameters
  return await readContract(chainClientOf(client), {
    address: contracts.usageRights,
    abi: [usageRights.isAuthorized],
    functionName: 'isAuthorized',
    args: [market, agreementId, user, toActBits(acts), endpointHash],
  })
}
