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

const reads = { getSessionKey, getGuardians }
const writes = {
  upgradeAccount,
  waitForSessionKey,
  grantSessionKey,
  revokeSessionKey,
  revokeAllSessionKeys,
  setAccountOwner,
  setGuardians,
  supportRecovery,
  cancelRecovery,
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
