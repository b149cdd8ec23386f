// Hands the account to another key.
import type { Address } from 'viem'
import * as accountAbi from '../../abi/computeAccount.ts'
import { type Call, toCall } from '../../account/call.ts'
import { type ComputeAccountOwner, toOwnerBytes } from '../../account/ownerBytes.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
  senderOf,
} from '../../account/sendBatch.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'

export type SetAccountOwnerParameters = BatchParameters & {
  /** An address, or a passkey (a WebAuthn account or its 64-byte public key). */
  readonly owner: ComputeAccountOwner
}
/** The user operation's hash. */
export type SetAccountOwnerReturnType = BatchReturnType
export type SetAccountOwnerErrorType = BatchErrorType

/**
 * Changes the owner of the account: a key's address or a passkey. Session keys end, and a recovery under way
 * is void.
 *
 * @example
 * import { setAccountOwner } from '@worldland-aa/sdk/actions/account/setAccountOwner'
 *
 * const hash = await setAccountOwner(computeAccountClient, { contracts, owner: passkey })
 */
export async function setAccountOwner(
  client: SmartAccountClient,
  parameters: SetAccountOwnerParameters,
): Promise<SetAccountOwnerReturnType> {
  const computeAccount = senderOf(client, parameters).address
  return await sendBatch(client, {
    ...parameters,
    calls: setAccountOwner.calls({ ...parameters, computeAccount }),
  })
}

/** The calls alone, for a batch of one's own. */
setAccountOwner.calls = (
  parameters: { readonly computeAccount: Address } & Omit<SetAccountOwnerParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { computeAccount, owner } = parameters
  return [
    toCall(computeAccount, {
      abi: [accountAbi.setOwner],
      functionName: 'setOwner',
      args: [toOwnerBytes(owner)],
    }),
  ]
}
