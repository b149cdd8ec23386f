// The form of a movement of money: what is wrong with what was typed, and the request that it becomes.
import type { TransactionRequest, TreasuryView } from '../../../../src/admin/treasury/schema.ts'
import { parseUnits } from '../../format/parseUnits.ts'
import { exactUnits } from '../../format/wei.ts'
import { askedOf, availableOf, type MoneyKind } from './available.ts'

export type AmountValues = { readonly amount: string; readonly recipient: string; readonly delay: string }

export type AmountProblems = {
  readonly amount?: { readonly kind: 'wrong' } | { readonly kind: 'tooMuch'; readonly available: string }
  readonly recipient?: true
  readonly delay?: true
}

export function decimalsOf(kind: MoneyKind, treasury: TreasuryView): number {
  return askedOf[kind].isToken ? treasury.token.decimals : 18
}

export function problemsOf(kind: MoneyKind, values: AmountValues, treasury: TreasuryView): AmountProblems {
  const asked = askedOf[kind]
  const decimals = decimalsOf(kind, treasury)
  const amount = parseUnits(values.amount, decimals)
  const available = availableOf(kind, treasury)
  const isTooMuch = amount !== undefined && available !== undefined && amount > available
  // A stake of nothing more may still lengthen its delay, and a tip of nothing is none.
  const mayBeNothing = kind === 'addStake' || kind === 'setLeaderTip'
  const isWrong = amount === undefined || (amount === 0n && !mayBeNothing)
  return {
    ...(asked.amount && isWrong ? { amount: { kind: 'wrong' } } : {}),
    ...(asked.amount && isTooMuch
      ? { amount: { kind: 'tooMuch', available: exactUnits(available, decimals) } }
      : {}),
    ...(asked.recipient && !/^0x[0-9a-fA-F]{40}$/.test(values.recipient.trim()) ? { recipient: true } : {}),
    ...(asked.delay && !/^[1-9]\d{0,9}$/.test(values.delay) ? { delay: true } : {}),
  }
}

/** Of values without a problem. */
export function requestFor(
  kind: MoneyKind,
  values: AmountValues,
  treasury: TreasuryView,
): TransactionRequest {
  const amountWei = String(parseUnits(values.amount, decimalsOf(kind, treasury)) ?? 0n)
  const recipient = values.recipient.trim()
  switch (kind) {
    case 'topUp':
    case 'refillFromRevenue':
      return { kind, amountWei }
    case 'withdrawDeposit':
    case 'withdrawRevenue':
      return { kind, amountWei, recipient }
    case 'addStake':
      return { kind, amountWei, unstakeDelaySeconds: Number(values.delay) }
    case 'withdrawStake':
      return { kind, recipient }
    case 'setLeaderTip':
      return { kind, registry: recipient, tipWei: amountWei }
    case 'unlockStake':
    case 'collectFromTanks':
      return { kind }
  }
}
