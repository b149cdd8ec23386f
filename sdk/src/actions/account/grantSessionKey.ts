// Lets another key act for the account, within budgets, a list of functions and a time.
import { type Address, zeroAddress } from 'viem'
import * as accountAbi from '../../abi/computeAccount.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
  senderOf,
} from '../../account/sendBatch.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import type { SessionPermission } from './toSessionPermission.ts'

export type GrantSessionKeyParameters = BatchParameters & {
  /** Address of the session key (secp256k1). */
  readonly key: Address
  /** First second, since 1970. Default: at once. */
  readonly validAfterTimestamp?: number | undefined
  /** Last second, since 1970. */
  readonly validUntilTimestamp: number
  /** Most compute tokens that may leave the account in its calls, token wei. */
  readonly tokenBudgetWei: bigint
  /** Most that its gas may cost the account, in native wei or, through the paymaster, token wei. */
  readonly gasBudgetWei: bigint
  /** The ComputePaymaster that may pay for its operations. Default: none. */
  readonly gasPaymaster?: Address | undefined
  /** What it may call: 1 to 8 functions of each target. */
  readonly permissions: readonly SessionPermission[]
}
/** The user operation's hash, for `waitForSessionKey`. */
export type GrantSessionKeyReturnType = BatchReturnType
export type GrantSessionKeyErrorType = BatchErrorType

/**
 * Grants a session key. `waitForSessionKey` names it, and `toSessionKeyAccount` then acts by it.
 *
 * @example
 * import { grantSessionKey } from '@worldland-aa/sdk/actions/account/grantSessionKey'
 * import { toSessionPermission } from '@worldland-aa/sdk/actions/account/toSessionPermission'
 * import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
 * import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
 * import { parseEther } from 'viem'
 *
 * const hash = await grantSessionKey(computeAccountClient, {
 *   contracts,
 *   key: agentKey.address,
 *   validUntilTimestamp: Math.floor(Date.now() / 1000) + 86_400,
 *   tokenBudgetWei: parseEther('5'),
 *   gasBudgetWei: parseEther('0.1'),
 *   gasPaymaster: contracts.paymaster,
 *   permissions: [
 *     toSessionPermission({ target: contracts.token, abi: computeTokenAbi, functionNames: ['approve'] }),
 *     toSessionPermission({
 *       target: contracts.instanceLease,
 *       abi: instanceLeaseAbi,
 *       functionNames: ['open', 'stopAndSettle'],
 *     }),
 *   ],
 * })
 */
export async function grantSessionKey(
  client: SmartAccountClient,
  parameters: GrantSessionKeyParameters,
): Promise<GrantSessionKeyReturnType> {
  const computeAccount = senderOf(client, parameters).address
  return await sendBatch(client, {
    ...parameters,
    calls: grantSessionKey.calls({ ...parameters, computeAccount }),
  })
}

/** The calls alone, for a batch of one's own. */
grantSessionKey.calls = (
  parameters: { readonly computeAccount: Address } & Omit<GrantSessionKeyParameters, keyof BatchParameters>,
): readonly Call[] => {
  const {
    computeAccount,
    key,
    validAfterTimestamp = 0,
    validUntilTimestamp,
    tokenBudgetWei,
    gasBudgetWei,
    gasPaymaster = zeroAddress,
    permissions,
  } = parameters
  return [
    toCall(computeAccount, {
      abi: [accountAbi.grantSession],
      functionName: 'grantSession',
      args: [
        {
          key,
          validAfter: validAfterTimestamp,
          validUntil: validUntilTimestamp,
          paymaster: gasPaymaster,
          tokenBudgetWei,
          gasBudgetWei,
          permissions,
        },
      ],
    }),
  ]
}
