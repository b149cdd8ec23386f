// What the contract froze when a lease was opened: it never changes, so a lease of which any of it differs is another one,
// to which a reorg gave the number. The broker's share is among it: whoever accepts agrees to it.
import type { Lease } from '@worldland-aa/sdk/actions/lease/lease'

export type FrozenLease = Pick<
  Lease,
  'payer' | 'offerId' | 'units' | 'imageDigest' | 'broker' | 'pricePerSecondWei' | 'bondWei' | 'limitSeconds'
>

export function frozenTermsOf(lease: FrozenLease): string {
  const { payer, offerId, units, imageDigest, broker, pricePerSecondWei, bondWei, limitSeconds } = lease
  const shared = broker === undefined ? [] : [broker.address.toLowerCase(), broker.basisPoints]
  return [
    payer.toLowerCase(),
    offerId,
    units,
    imageDigest,
    pricePerSecondWei,
    bondWei,
    limitSeconds,
    ...shared,
  ].join(' ')
}
