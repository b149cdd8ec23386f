// Binds what a provider does, for an ordinary key or a smart account.
import type { AccountClient } from '../account/sendCalls.ts'
import { unwrapCoin } from '../actions/token/unwrapCoin.ts'
import { wrapCoin } from '../actions/token/wrapCoin.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { acceptLease } from '../provider/acceptLease.ts'
import { allowMarket } from '../provider/allowMarket.ts'
import { closeSessionAsProvider } from '../provider/closeSessionAsProvider.ts'
import { handOverLease } from '../provider/handOverLease.ts'
import { openLeaseRequest } from '../provider/openLeaseRequest.ts'
import { pauseLease } from '../provider/pauseLease.ts'
import { pauseOffer } from '../provider/pauseOffer.ts'
import { pongLease } from '../provider/pongLease.ts'
import { postOffer } from '../provider/postOffer.ts'
import { readyLease } from '../provider/readyLease.ts'
import { redeemVoucher } from '../provider/redeemVoucher.ts'
import { redeemVouchers } from '../provider/redeemVouchers.ts'
import { registerProvider } from '../provider/registerProvider.ts'
import { requestUnstake } from '../provider/requestUnstake.ts'
import { resumeLease } from '../provider/resumeLease.ts'
import { setPayout } from '../provider/setPayout.ts'
import { setProviderMetadata } from '../provider/setProviderMetadata.ts'
import { stakeBond } from '../provider/stakeBond.ts'
import { stopAsProvider } from '../provider/stopAsProvider.ts'
import { updateOffer } from '../provider/updateOffer.ts'
import { withdrawStake } from '../provider/withdrawStake.ts'
import { type BoundActions, bindActions } from './bindActions.ts'

const writes = {
  /** Accepts a lease: its bond is locked, and the machine must be ready within the market's `readyBlocks`. */
  acceptLease,
  /**
   * Allows a market contract to lock (and, within its locks, slash) the provider's bond. Taking it back stops new
   * locks only.
   */
  allowMarket,
  /**
   * Closes and finalizes a session. It waives vouchers not redeemed yet: redeem the last one first, in the same
   * batch.
   */
  closeSessionAsProvider,
  /** Seals the access to the key that came with the lease and declares the machine ready. */
  handOverLease,
  /** Opens the request that came with a lease. */
  openLeaseRequest,
  /** Pauses a lease, within the market's budget of pauses; not while a ping is open. */
  pauseLease,
  /** Pauses or resumes an offer; running leases and sessions go on. */
  pauseOffer,
  /** Answers an open ping. */
  pongLease,
  /** Posts an offer of the client's account, which must be a registered provider. */
  postOffer,
  /** Declares the machine of an accepted lease ready. */
  readyLease,
  /**
   * Redeems a voucher: pays the difference to the last redeemed one of the same right. `VoucherRedeemed` says how
   * much.
   */
  redeemVoucher,
  /** Redeems many vouchers; one that fails is left out (`VoucherRefused` says why) and harms no other. */
  redeemVouchers,
  /**
   * Registers the client's account as a provider, or completes what an earlier run began: it looks at the chain and
   * sends what is missing. Run again with another stake, URI, key or more offers, it brings these up to date.
   */
  registerProvider,
  /** Queues bond for withdrawal; the delay is longer than any dispute and starts again for all that is queued. */
  requestUnstake,
  /** Resumes a paused lease. */
  resumeLease,
  /** Changes the payout address, for running leases and sessions too. */
  setPayout,
  /** Changes the provider's metadata URI, and with it its seal key. */
  setProviderMetadata,
  /** Approves and stakes tokens of the provider. What agreements lock of it can be slashed. */
  stakeBond,
  /**
   * Stops and settles a lease as its provider; before the machine is ready, cancels it. A lease that has ended
   * already needs nothing: then nothing is sent.
   */
  stopAsProvider,
  /** Burns compute tokens of the sender, a smart account or an ordinary key, and pays as much native coin. */
  unwrapCoin,
  /**
   * Updates an offer of the client's account. The machine, its bond and its market never change: post a new offer.
   */
  updateOffer,
  /** Withdraws all queued bond that no lease has locked, once the delay is over. */
  withdrawStake,
  /**
   * Wraps native coin of the sender, a smart account or an ordinary key, into as many compute tokens. No fee but
   * gas, and `unwrapCoin` gives it back at any time.
   */
  wrapCoin,
}

export type ProviderActions = BoundActions<typeof writes>

/**
 * Decorator for the client of a provider: a wallet client of viem, or a smart account's.
 *
 * @example
 * import { providerActions } from '@worldland-aa/sdk/clients/providerActions'
 *
 * const provider = walletClient.extend(providerActions({ contracts }))
 * await provider.acceptLease({ leaseId: 1n })
 */
export function providerActions({ contracts }: WithContracts) {
  return (client: AccountClient): ProviderActions => bindActions(client, contracts, writes)
}
