// Which vouchers to redeem now. Each costs gas, and each that waits is at the mercy of time: a lane is due when its end is in
// sight, when its signer could disown it, or when its sum makes the gas a trifle. What does not pay its own gas waits.
import type { LaneAccount } from './laneBook.ts'

export type LaneStanding = {
  readonly account: LaneAccount
  /** Signed and not redeemed, as the chain has it now. */
  readonly payableWei: bigint
  /** Its session or right ends, or has ended. */
  readonly isEnding: boolean
  /** Its signer is one: it may disown what it signed, and takes gas to say so. */
  readonly isContract: boolean
  /** Blocks since something was first seen to be redeemable. */
  readonly waitedBlocks: bigint
}

export type RedemptionTerms = {
  readonly gasPriceWei: bigint
  /** Everything that pays its gas, now. */
  readonly isDraining: boolean
}

/** The first voucher of a right four generations deep, with its share of a batch; further ones take half of it. */
const gasPerKeyVoucher = 160_000n
/** What `redeemMany` gives each; a contract's signature may use it up. */
const gasPerContractVoucher = 700_000n
/** Then gas is a hundredth of what is redeemed. */
const worthTimes = 100n
/** With others that are due, gas may be a tenth. */
const besideTimes = 10n
/** A minute: what a contract can take back is what was used in it. */
const contractBlocks = 6n
/** Six hours: nobody's money waits for ever. */
const patienceBlocks = 2_160n

export function gasOfVoucher({ isContract }: Pick<LaneStanding, 'isContract'>): bigint {
  return isContract ? gasPerContractVoucher : gasPerKeyVoucher
}

/** There may be more than a block has room for. */
const urgencyOf = ({ isEnding, isContract }: LaneStanding): number => (isEnding ? 2 : isContract ? 1 : 0)

/** The most urgent first. */
export function planRedemption(
  standings: readonly LaneStanding[],
  terms: RedemptionTerms,
): readonly LaneStanding[] {
  const costWei = (standing: LaneStanding): bigint => gasOfVoucher(standing) * terms.gasPriceWei
  const paying = standings.filter(standing => standing.payableWei > costWei(standing))
  const isDue = (standing: LaneStanding): boolean =>
    terms.isDraining ||
    standing.isEnding ||
    (standing.isContract && standing.waitedBlocks >= contractBlocks) ||
    standing.payableWei >= costWei(standing) * worthTimes ||
    standing.waitedBlocks >= patienceBlocks
  if (!paying.some(isDue)) return []
  return paying
    .filter(one => isDue(one) || one.payableWei >= costWei(one) * besideTimes)
    .sort((one, other) => urgencyOf(other) - urgencyOf(one))
}
