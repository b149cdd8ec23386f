// Binds the actions of the compute token.
import type { Client } from 'viem'
import type { AccountClient } from '../account/sendCalls.ts'
import { getTokenBalance } from '../actions/token/getTokenBalance.ts'
import { signPermit } from '../actions/token/signPermit.ts'
import { transferToken } from '../actions/token/transferToken.ts'
import { unwrapCoin } from '../actions/token/unwrapCoin.ts'
import { usePermit } from '../actions/token/usePermit.ts'
import { wrapCoin } from '../actions/token/wrapCoin.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { type BoundActions, bindActions } from './bindActions.ts'
import type { SmartAccountClient } from './chainClientOf.ts'

const reads = {
  /** Returns a balance of the compute token. */
  getTokenBalance,
  /** Signs a permit with the signer's present permit nonce, for `usePermit`. */
  signPermit,
}
const writes = {
  /**
   * Wraps native coin of the sender, a smart account or an ordinary key, into as many compute tokens. No fee but
   * gas, and `unwrapCoin` gives it back at any time.
   */
  wrapCoin,
  /** Burns compute tokens of the sender, a smart account or an ordinary key, and pays as much native coin. */
  unwrapCoin,
  /** Transfers compute tokens of the sender. */
  transferToken,
  /** Hands in a permit from `signPermit`; afterwards its spender may pull the amount from its owner. */
  usePermit,
}

/** What any client can do. */
export type TokenReadActions = BoundActions<typeof reads>
/** What a smart account's client can do. */
export type TokenActions = TokenReadActions & BoundActions<typeof writes>

export function tokenReadActions({ contracts }: WithContracts) {
  return (client: Client | SmartAccountClient): TokenReadActions =>
    bindActions(client as Client, contracts, reads)
}

/**
 * Decorator for a smart account's client.
 *
 * @example
 * import { tokenActions } from '@worldland-aa/sdk/clients/tokenActions'
 *
 * const client = smartAccountClient.extend(tokenActions({ contracts }))
 * const hash = await client.transferToken({ to, amountWei })
 */
export function tokenActions({ contracts }: WithContracts) {
  return (client: SmartAccountClient): TokenActions => ({
    ...tokenReadActions({ contracts })(client),
    ...bindActions(client as SmartAccountClient & AccountClient, contracts, writes),
  })
}
