// Binds the actions of a ComputeAccount: its owner, session keys and guardians.
import type { Client } from 'viem'
import { cancelRecovery } from '../actions/account/cancelRecovery.ts'
import { executeRecovery } from '../actions/account/executeRecovery.ts'
import { getGuardians } from '../actions/account/getGuardians.ts'
import { getSessionKey } from '../actions/account/getSessionKey.ts'
import { grantSessionKey } from '../actions/account/grantSessionKey.ts'
import { revokeAllSessionKeys } from '../actions/account/revokeAllSessionKeys.ts'
import { revokeSessionKey } from '../actions/account/revokeSessionKey.ts'
import { setAccountOwner } from '../actions/account/setAccountOwner.ts'
import { setGuardians } from '../actions/account/setGuardians.ts'
import { supportRecovery } from '../actions/account/supportRecovery.ts'
import { upgradeAccount } from '../actions/account/upgradeAccount.ts'
import { waitForSessionKey } from '../actions/account/waitForSessionKey.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { type BoundActions, bindActions } from './bindActions.ts'
import type { SmartAccountClient } from './chainClientOf.ts'

const reads = {
  /** Returns a session key of an account. */
  getSessionKey,
  /** Returns an account's guardians, and the recovery they have scheduled, if any. */
  getGuardians,
}
const writes = {
  /**
   * Upgrades the account. Whatever the new implementation does, it does with all the account has: read its code
   * first.
   */
  upgradeAccount,
  /** Waits for the user operation of `grantSessionKey` and returns the session key's id. */
  waitForSessionKey,
  /** Grants a session key. `waitForSessionKey` names it, and `toSessionKeyAccount` then acts by it. */
  grantSessionKey,
  /** Revokes a session key; its operations that wait in a mempool fail. */
  revokeSessionKey,
  /** Revokes every session key there is. */
  revokeAllSessionKeys,
  /**
   * Changes the owner of the account: a key's address or a passkey. Session keys end, and a recovery under way is
   * void.
   */
  setAccountOwner,
  /** Sets the guardians, or none; a recovery under way is void. */
  setGuardians,
  /** Supports a recovery; the support that reaches the threshold schedules it (`RecoveryScheduled`). */
  supportRecovery,
  /** Cancels a recovery, scheduled or not. */
  cancelRecovery,
  /** Executes a scheduled recovery. Anybody may do it; session keys end. */
  executeRecovery,
}

/** What any client can do. */
export type AccountReadActions = BoundActions<typeof reads>
/** What a smart account's client can do. */
export type AccountActions = AccountReadActions & BoundActions<typeof writes>

export function accountReadActions({ contracts }: WithContracts) {
  return (client: Client | SmartAccountClient): AccountReadActions =>
    bindActions(client as Client, contracts, reads)
}

/**
 * Decorator for a smart account's client.
 *
 * @example
 * import { accountActions } from '@worldland-aa/sdk/clients/accountActions'
 *
 * const client = smartAccountClient.extend(accountActions({ contracts }))
 * const hash = await client.revokeSessionKey({ sessionKeyId: 1n })
 */
export function accountActions({ contracts }: WithContracts) {
  return (client: SmartAccountClient): AccountActions => ({
    ...accountReadActions({ contracts })(client),
    ...bindActions(client, contracts, writes),
  })
}
