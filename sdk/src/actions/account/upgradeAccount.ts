// Lets the account run another implementation (UUPS).
import type { Address, Hex } from 'viem'
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

export type UpgradeAccountParameters = BatchParameters & {
  readonly implementation: Address
  /** Call to make right after it. Default: none. */
  readonly data?: Hex | undefined
}
/** The user operation's hash. */
export type UpgradeAccountReturnType = BatchReturnType
export type UpgradeAccountErrorType = BatchErrorType

/**
 * Upgrades the account. Whatever the new implementation does, it does with all the account has: read its code
 * first.
 *
 * @example
 * import { upgradeAccount } from '@worldland-aa/sdk/actions/account/upgradeAccount'
 *
 * const hash = await upgradeAccount(computeAccountClient, { contracts, implementation })
 */
export async function upgradeAccount(
  client: SmartAccountClient,
  parameters: UpgradeAccountParameters,
): Promise<UpgradeAccountReturnType> {
  const computeAccount = senderOf(client, parameters).address
  return await sendBatch(client, {
    ...parameters,
    calls: upgradeAccount.calls({ ...parameters, computeAccount }),
  })
}

/** The calls alone, for a batch of one's own. */
upgradeAccount.calls = (
  parameters: { readonly computeAccount: Address } & Omit<UpgradeAccountParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { computeAccount, implementation, data = '0x' } = parameters
  return [
    toCall(computeAccount, {
      abi: [accountAbi.upgradeToAndCall],
      functionName: 'upgradeToAndCall',
      args: [implementation, data],
    }),
  ]
}
