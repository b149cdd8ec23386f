// What is left of a session key's budgets.
import { type Address, type Client, type ReadContractErrorType, zeroAddress } from 'viem'
import { readContract } from 'viem/actions'
import * as accountAbi from '../../abi/computeAccount.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'

export type GetSessionKeyParameters = {
  readonly computeAccount: Address
  readonly sessionKeyId: bigint
}
export type SessionKey = {
  readonly sessionKeyId: bigint
  readonly key: Address
  /** First and last second, since 1970. */
  readonly validAfterTimestamp: number
  readonly validUntilTimestamp: number
  /** Token wei that may still leave the account. */
  readonly tokenLeftWei: bigint
  /** Native or token wei that gas may still cost. */
  readonly gasLeftWei: bigint
  readonly gasPaymaster: Address | undefined
}
/** Undefined: there is no such session, or it was revoked. */
export type GetSessionKeyReturnType = SessionKey | undefined
export type GetSessionKeyErrorType = ReadContractErrorType

/**
 * Returns a session key of an account.
 *
 * @example
 * import { getSessionKey } from '@worldland-aa/sdk/actions/account/getSessionKey'
 *
 * const session = await getSessionKey(publicClient, { computeAccount: account.address, sessionKeyId: 1n })
 */
export async function getSessionKey(
  client: Client | SmartAccountClient,
  parameters: GetSessionKeyParameters,
): Promise<GetSessionKeyReturnType> {
  const { computeAccount, sessionKeyId } = parameters
  const session = await readContract(chainClientOf(client), {
    address: computeAccount,
    abi: [accountAbi.sessionOf],
    functionName: 'sessionOf',
    args: [sessionKeyId],
  })
  if (session.key === zeroAddress) return undefined
  return {
    sessionKeyId,
    key: session.key,
    validAfterTimestamp: session.validAfter,
    validUntilTimestamp: session.validUntil,
    tokenLeftWei: session.tokenLeftWei,
    gasLeftWei: session.gasLeftWei,
    gasPaymaster: session.paymaster === zeroAddress ? undefined : session.paymaster,
  }
}
