// Reads one serverless session.
import type { Client, GetBlockNumberErrorType, ReadContractErrorType } from 'viem'
import { getBlockNumber, readContract } from 'viem/actions'
import * as serverlessSession from '../../abi/serverlessSession.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type ComputeError, throwComputeError } from '../../errors/computeError.ts'
import { type Session, toSession } from './session.ts'

export type GetSessionParameters = WithContracts & {
  readonly sessionId: bigint
  /** The block to read at; the latest one by default. */
  readonly blockNumber?: bigint | undefined
}
export type GetSessionReturnType = Session
/** A `ComputeError` named `UnknownSession` when the id was never opened. */
export type GetSessionErrorType = ComputeError | GetBlockNumberErrorType | ReadContractErrorType

/**
 * Returns a session: its state, its price, and what is spent of its budget.
 *
 * @example
 * import { getSession } from '@worldland-aa/sdk/actions/session/getSession'
 *
 * const { state, spentWei, restWei } = await getSession(publicClient, { contracts, sessionId: 1n })
 */
export async function getSession(
  client: Client | SmartAccountClient,
  parameters: GetSessionParameters,
): Promise<GetSessionReturnType> {
  const { contracts, sessionId } = parameters
  const chainClient = chainClientOf(client)
  const blockNumber = parameters.blockNumber ?? (await getBlockNumber(chainClient, { cacheTime: 0 }))
  const struct = await readContract(chainClient, {
    address: contracts.serverlessSession,
    abi: [serverlessSession.sessionOf],
    functionName: 'sessionOf',
    args: [sessionId],
    blockNumber,
  }).catch(throwComputeError)
  return toSession(struct, { sessionId, blockNumber })
}
