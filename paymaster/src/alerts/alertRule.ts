// What an alert is made of: a figure that is measured, from where on it is bad, and words for people. One rule, one file.
import type { AlertKind, AlertSeverity } from '../admin/alerts/schema.ts'

export type Measurement = {
  /** What it is about, where there are several. */
  readonly subject: string | null
  /** A decimal number that is not negative, in the rule's unit. */
  readonly value: string
  /** One line, as it is while the figure is bad. */
  readonly title: string
  /** How it is now, good or bad. */
  readonly state: string
  /** What to do while it is bad. */
  readonly remedy: string
}

export type AlertRule = {
  readonly kind: AlertKind
  readonly severity: AlertSeverity
  readonly unit: 'days' | 'wei' | 'percent' | 'count' | 'seconds'
  /** Whether small figures are bad, or large ones. */
  readonly opens: 'below' | 'above'
  readonly defaults: { readonly openAt: string; readonly closeAt: string }
  readonly describe: string
  /** None where there is nothing to measure. What it throws leaves all as it was. */
  measure(): Promise<readonly Measurement[]>
}

const decimals = 6

/** For comparing: millionths, without the rounding of floating-point numbers. */
export function toMillionths(figure: string): bigint {
  const [whole = '0', fraction = ''] = figure.split('.')
  return BigInt(whole) * 10n ** BigInt(decimals) + BigInt(fraction.padEnd(decimals, '0').slice(0, decimals))
}

export function isBad(rule: Pick<AlertRule, 'opens'>, value: string, openAt: string): boolean {
  const [measured, bound] = [toMillionths(value), toMillionths(openAt)]
  return rule.opens === 'below' ? measured <= bound : measured >= bound
}

/** Between the two thresholds neither holds: what is open stays open, what is not stays shut. */
export function isGood(rule: Pick<AlertRule, 'opens'>, value: string, closeAt: string): boolean {
  const [measured, bound] = [toMillionths(value), toMillionths(closeAt)]
  return rule.opens === 'below' ? measured >= bound : measured <= bound
}
