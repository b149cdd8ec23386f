// Names who may together give the account a new owner should its key be lost.
import type { Address } from 'viem'
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

export type SetGuardiansParameters = BatchParameters & {
  /** People's addresses or other accounts, at most 16, in any order. */
  readonly guardians: readonly Address[]
  /** How many of them it takes. */
  readonly threshold: number
  /** From their agreement to the first block of execution. */
  readonly delayBlocks: number
}
/** The user operation's hash. */
export type SetGuardiansReturnType = BatchReturnType
export type SetGuardiansErrorType = BatchErrorType

/**
 * Sets the guardians, or none; a recovery under way is void.
 *
 * @example
 * import { setGuardians } from '@worldland-aa/sdk/actions/account/setGuardians'
 *
 * const hash = await setGuardians(computeAccountClient, {
 *   contracts,
 *   guardians: [alice, bob, carol],
 *   threshold: 2,
 *   delayBlocks: 60_480,
 * })
 */
export async function setGuardians(
  client: SmartAccountClient,
  parameters: SetGuardiansParameters,
): Promise<SetGuardiansReturnType> {
  const computeAccount = senderOf(client, parameters).address
  return await sendBatch(client, {
    ...parameters,
    calls: setGuardians.calls({ ...parameters, computeAccount }),
  })
}

/** The calls alone, for a batch of one's own. */
setGuardians.calls = (
  parameters: { readonly computeAccount: Address } & Omit<SetGuardiansParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { computeAccount, guardians, threshold, delayBlocks } = parameters
  return [
    toCall(computeAccount, {
      abi: [accountAbi.setGuardians],
      functionName: 'setGuardians',
      args: [sortedAddresses(guardians), threshold, delayBlocks],
    }),
  ]
}

/** The contract wants them ascending. */
function sortedAddresses(addresses: readonly Address[]): readonly Address[] {
  return [...addresses].sort((left, right) => (BigInt(left) < BigInt(right) ? -1 : 1))
}
