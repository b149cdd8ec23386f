// Binds the actions of usage rights: who may use a lease or session.
import type { Client } from 'viem'
import { approveRight } from '../actions/rights/approveRight.ts'
import { chooseRight } from '../actions/rights/chooseRight.ts'
import { getRight } from '../actions/rights/getRight.ts'
import { grantRight } from '../actions/rights/grantRight.ts'
import { isAuthorized } from '../actions/rights/isAuthorized.ts'
import { isRightAuthorized } from '../actions/rights/isRightAuthorized.ts'
import { revokeRight } from '../actions/rights/revokeRight.ts'
import { setRightUser } from '../actions/rights/setRightUser.ts'
import { transferRight } from '../actions/rights/transferRight.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { type BoundActions, bindActions } from './bindActions.ts'
import type { SmartAccountClient } from './chainClientOf.ts'

const reads = { getRight, isAuthorized, isRightAuthorized }
const writes = {
  approveRight,
  grantRight,
  revokeRight,
  chooseRight,
  setRightUser,
  transferRight,
}

/** What any client can do. */
export type RightsReadActions = BoundActions<typeof reads>
/** What a smart account's client can do. */
export type RightsActions = RightsReadActions & BoundActions<typeof writes>

export function rightsReadActions({ contracts }: WithContracts) {
  return (client: Client | SmartAccountClient): RightsReadActions =>
    bindActions(client as Client, contracts, reads)
}

/**
 * Decorator for a smart account's client.
 *
 * @example
 * import { rightsActions } from '@worldland-aa/sdk/clients/rightsActions'
 *
 * const client = smartAccountClient.extend(rightsActions({ contracts }))
 * const hash = await client.revokeRight({ rightId })
 */
export function rightsActions({ contracts }: WithContracts) {
  return (client: SmartAccountClient): RightsActions => ({
    ...rightsReadActions({ contracts })(client),
    ...bindActions(client, contracts, writes),
  })
}
