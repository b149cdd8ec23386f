// Binds the actions of what is offered and by whom.
import type { Client } from 'viem'
import { findOffers } from '../actions/market/findOffers.ts'
import { getOffer } from '../actions/market/getOffer.ts'
import { getProvider } from '../actions/market/getProvider.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { type BoundActions, bindActions } from './bindActions.ts'
import type { SmartAccountClient } from './chainClientOf.ts'

const reads = {
  /**
   * Returns the offers that match, cheapest first, all read at one block and in few calls: one for sixteen offers,
   * and four.
   */
  findOffers,
  /** Returns an offer of the market. */
  getOffer,
  /** Returns a provider and its score. */
  getProvider,
}

/** What any client can do. */
export type MarketReadActions = BoundActions<typeof reads>

export function marketReadActions({ contracts }: WithContracts) {
  return (client: Client | SmartAccountClient): MarketReadActions =>
    bindActions(client as Client, contracts, reads)
}
