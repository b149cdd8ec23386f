// What an operator sees of payment: `status` and `earnings`.
import type { LaneBook } from './laneBook.ts'
import { owedWei } from './owed.ts'

export type LaneView = {
  readonly sessionId: string
  readonly rightId: string
  readonly signer: string
  readonly signedWei: string
  readonly owedWei: string
  readonly redeemedWei: string
  readonly usedMilliseconds: string
}

export type PaymentSums = {
  readonly lanes: number
  readonly signedWei: bigint
  readonly owedWei: bigint
  readonly redeemedWei: bigint
  readonly unredeemedWei: bigint
}

/** Of the lanes whose sessions are not over. */
export function sumOf(book: Pick<LaneBook, 'all'>): PaymentSums {
  const sums = { lanes: 0, signedWei: 0n, owedWei: 0n, redeemedWei: 0n, unredeemedWei: 0n }
  for (const { signed, usedMilliseconds, pricePerSecondWei, redeemedWei } of book.all()) {
    const signedWei = signed.voucher.cumulativeWei
    sums.lanes += 1
    sums.signedWei += signedWei
    sums.owedWei += owedWei(usedMilliseconds, pricePerSecondWei)
    sums.redeemedWei += redeemedWei
    if (signedWei > redeemedWei) sums.unredeemedWei += signedWei - redeemedWei
  }
  return sums
}

export function viewLanes(book: Pick<LaneBook, 'all'>): readonly LaneView[] {
  return [...book.all()].map(({ payer, signed, usedMilliseconds, pricePerSecondWei, redeemedWei }) => ({
    sessionId: payer.sessionId.toString(),
    rightId: payer.rightId.toString(),
    signer: signed.signer,
    signedWei: signed.voucher.cumulativeWei.toString(),
    owedWei: owedWei(usedMilliseconds, pricePerSecondWei).toString(),
    redeemedWei: redeemedWei.toString(),
    usedMilliseconds: usedMilliseconds.toString(),
  }))
}
