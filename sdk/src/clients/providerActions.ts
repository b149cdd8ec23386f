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
  acceptLease,
  allowMarket,
  closeSessionAsProvider,
  handOverLease,
  openLeaseRequest,
  pauseLease,
  pauseOffer,
  pongLease,
  postOffer,
  readyLease,
  redeemVoucher,
  redeemVouchers,
  registerProvider,
  requestUnstake,
  resumeLease,
  setPayout,
  setProviderMetadata,
  stakeBond,
  stopAsProvider,
  unwrapCoin,
  updateOffer,
  withdrawStake,
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
