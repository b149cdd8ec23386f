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

const reads = {
  /** Returns a session: its state, its price, and what is spent of its budget. */
  getSession,
  /**
   * Verifies a voucher against the chain as it stands: signature, right, session, price, that it goes beyond the
   * last one, and that every budget it is drawn on pays it and all that was accepted before. Once accepted it stays
   * payable for an hour of blocks, whatever the payer or a holder does: signs, grants, revokes, transfers, lends,
   * closes.
   */
  verifyVoucher,
  /**
   * Watches a session: its state, what is spent and its events, for every new block. Returns a function that ends
   * it.
   */
  watchSession,
}
const writes = {
  /** Opens a session with one unit of a serverless offer. */
  openSession,
  /**
   * Tops a session up: approves and pays the amount into its escrow. Anybody may do it; the rest goes to the payer.
   */
  topUpSession,
  /**
   * Closes a session: by a holder of `stop`, or by anybody once it has expired. After the challenge window
   * (`getSession` names its last block) `finalizeSession` refunds the rest. A provider closes by
   * `closeSessionAsProvider`, which refunds at once.
   */
  closeSession,
  /**
   * Finalizes a closed session: the rest of the budget goes back to the payer. Anybody may do it after the window.
   */
  finalizeSession,
}

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
