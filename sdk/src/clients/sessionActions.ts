// Binds the actions of serverless sessions: pay by use.
import type { Client } from 'viem'
import { closeSession } from '../actions/session/closeSession.ts'
import { finalizeSession } from '../actions/session/finalizeSession.ts'
import { getSession } from '../actions/session/getSession.ts'
import { openSession } from '../actions/session/openSession.ts'
import { topUpSession } from '../actions/session/topUpSession.ts'
import { verifyVoucher } from '../actions/session/verifyVoucher.ts'
import { watchSession } from '../actions/session/watchSession.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { type BoundActions, bindActions } from './bindActions.ts'
import type { SmartAccountClient } from './chainClientOf.ts'

const reads = { getSession, verifyVoucher, watchSession }
const writes = { openSession, topUpSession, closeSession, finalizeSession }

/** What any client can do. */
export type SessionReadActions = BoundActions<typeof reads>
/** What a smart account's client can do. */
export type SessionActions = SessionReadActions & BoundActions<typeof writes>

export function sessionReadActions({ contracts }: WithContracts) {
  return (client: Client | SmartAccountClient): SessionReadActions =>
    bindActions(client as Client, contracts, reads)
}

/**
 * Decorator for a smart account's client.
 *
 * @example
 * import { sessionActions } from '@worldland-aa/sdk/clients/sessionActions'
 *
 * const client = smartAccountClient.extend(sessionActions({ contracts }))
 * const hash = await client.openSession({ offerId, budgetWei, expiresAtTimestamp })
 */
export function sessionActions({ contracts }: WithContracts) {
  return (client: SmartAccountClient): SessionActions => ({
    ...sessionReadActions({ contracts })(client),
    ...bindActions(client, contracts, writes),
  })
}
