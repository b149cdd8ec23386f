// Is a voucher worth what it says? Decided in one step without waiting, so that of two that share a budget the second is
// judged against the first. What it needs of the chain was asked before; a signature was checked before.
import type { Session } from '@worldland-aa/sdk/actions/session/session'
import type { SignedVoucher } from '@worldland-aa/sdk/actions/session/voucher'
import { shortRightOf } from '@worldland-aa/sdk/actions/session/voucherFunds'
import type { Line, Redeemed } from './chainFacts.ts'

type Amounts = Pick<SignedVoucher['voucher'], 'cumulativeWei' | 'sequence' | 'units'>

/** Another lane of the same session. */
export type OtherLane = { readonly cumulativeWei: bigint; readonly redeemed: Redeemed; readonly line: Line }

export type VoucherCase = {
  readonly voucher: SignedVoucher['voucher']
  readonly session: Session
  /** Of the voucher's right. */
  readonly line: Line
  readonly redeemed: Redeemed
  /** The last voucher taken; undefined: none was. */
  readonly last: Amounts | undefined
  readonly others: readonly OtherLane[]
}

export type VoucherProblem = {
  readonly code: 'stale' | 'sequence' | 'price' | 'budget'
  readonly message: string
}

/** What a slip of the pen can take away of the sequences that are left. */
const mostSequenceStep = 1n << 32n

export function judgeVoucher(judged: VoucherCase): VoucherProblem | undefined {
  const { voucher, session, line, redeemed, others } = judged
  const last = later(judged.last, redeemed)
  if (
    voucher.cumulativeWei <= last.cumulativeWei ||
    voucher.sequence <= last.sequence ||
    voucher.units < last.units
  ) {
    return {
      code: 'stale',
      message: `The voucher does not go beyond the last one (${last.cumulativeWei} wei, sequence ${last.sequence}, ${last.units} units): sign one that does`,
    }
  }
  if (voucher.sequence - last.sequence > mostSequenceStep) {
    return {
      code: 'sequence',
      message: `The voucher's sequence leaps from ${last.sequence} to ${voucher.sequence}, and what lies between is lost to its right: sign ${last.sequence + 1n}`,
    }
  }
  const worthWei = voucher.units * session.pricePerSecondWei
  if (voucher.cumulativeWei > worthWei) {
    return {
      code: 'price',
      message: `The voucher's ${voucher.units} units are worth ${worthWei} wei at the session's price of ${session.pricePerSecondWei}, less than its ${voucher.cumulativeWei}: say more units or less wei`,
    }
  }
  const payableWei = voucher.cumulativeWei - redeemed.cumulativeWei
  const short = shortRightOf(
    { payableWei, line },
    others.map(other => ({
      payableWei: other.cumulativeWei - other.redeemed.cumulativeWei,
      line: other.line,
    })),
  )
  if (short === undefined) return undefined
  const rootId = line.at(-1)?.rightId
  const remedy =
    short.rightId === rootId ? 'top the session up, or open another' : 'ask for a right with more'
  return {
    code: 'budget',
    message: `Right ${short.rightId} has ${short.leftWei} wei left, vouchers taken before off it, and this voucher draws ${payableWei}: ${remedy}`,
  }
}

/** The chain knows of more where the data file was lost. */
function later(last: Amounts | undefined, redeemed: Redeemed): Amounts {
  return last !== undefined && last.sequence > redeemed.sequence ? last : redeemed
}
