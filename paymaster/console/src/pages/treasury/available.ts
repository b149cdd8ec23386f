// What each way to move money asks for, and how much there is of it.
import type { TransactionKind, TreasuryView } from '../../../../src/admin/treasury/schema.ts'

/** In the order in which an operator needs them; signers have a page of their own. */
export const moneyKinds = [
  'topUp',
  'refillFromRevenue',
  'collectFromTanks',
  'withdrawRevenue',
  'withdrawDeposit',
  'addStake',
  'unlockStake',
  'withdrawStake',
  'setLeaderTip',
] as const satisfies readonly TransactionKind[]
export type MoneyKind = (typeof moneyKinds)[number]

export type Asked = {
  readonly amount: boolean
  readonly recipient: boolean
  /** The address is that of a registry of bundlers, who receives nothing. */
  readonly isRegistry: boolean
  readonly delay: boolean
  /** In the token instead of the coin. */
  readonly isToken: boolean
}

const nothing: Asked = {
  amount: false,
  recipient: false,
  isRegistry: false,
  delay: false,
  isToken: false,
}
export const askedOf: Readonly<Record<MoneyKind, Asked>> = {
  topUp: { ...nothing, amount: true },
  refillFromRevenue: { ...nothing, amount: true, isToken: true },
  collectFromTanks: nothing,
  withdrawRevenue: { ...nothing, amount: true, recipient: true, isToken: true },
  withdrawDeposit: { ...nothing, amount: true, recipient: true },
  addStake: { ...nothing, amount: true, delay: true },
  unlockStake: nothing,
  withdrawStake: { ...nothing, recipient: true },
  setLeaderTip: { ...nothing, amount: true, recipient: true, isRegistry: true },
}

/** Undefined where the house does not know: what a wallet holds. */
export function availableOf(kind: MoneyKind, treasury: TreasuryView): bigint | undefined {
  if (kind === 'refillFromRevenue' || kind === 'withdrawRevenue') return BigInt(treasury.revenueWei)
  if (kind === 'withdrawDeposit') return BigInt(treasury.deposit.freeWei)
  return undefined
}

/** Why it makes no sense at the moment; the page has the words. */
export function idleReason(
  kind: MoneyKind,
  treasury: TreasuryView,
  nowSeconds: number,
): IdleReason | undefined {
  const { stake, tanks, revenueWei, deposit } = treasury
  const hasStake = BigInt(stake.amountWei) > 0n
  switch (kind) {
    case 'refillFromRevenue':
    case 'withdrawRevenue':
      return BigInt(revenueWei) === 0n ? 'noRevenue' : undefined
    case 'collectFromTanks':
      return BigInt(tanks.spentWei) === 0n ? 'nothingSpent' : undefined
    case 'withdrawDeposit':
      return BigInt(deposit.freeWei) === 0n ? 'nothingFree' : undefined
    case 'unlockStake':
      return hasStake && stake.isLocked ? undefined : 'notLocked'
    case 'withdrawStake':
      if (!hasStake) return 'noStake'
      if (stake.isLocked) return 'stillLocked'
      return (stake.withdrawableAtSeconds ?? 0) > nowSeconds ? 'notYet' : undefined
    default:
      return undefined
  }
}

export type IdleReason =
  | 'noRevenue'
  | 'nothingSpent'
  | 'nothingFree'
  | 'notLocked'
  | 'noStake'
  | 'stillLocked'
  | 'notYet'
