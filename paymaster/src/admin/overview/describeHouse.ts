// The house at a glance, out of the ledger's sums by the hour: the console's first page, and what alerts are measured by.
import { getAddress, type Hex } from 'viem'
import type { HouseFigures, SpendHour } from '../../decisions/explorer/readHouse.ts'
import type { Position } from '../../ledger/position.ts'
import type { Funds } from '../../treasury/readFunds.ts'
import { runwayOf } from './runway.ts'
import type { Overview, OverviewRange, TokenRevenue } from './schema.ts'
import { type Steps, stepsOf } from './steps.ts'
import { tokenChargesOf } from './tokenCharges.ts'

export type OpenAlert = Overview['openAlerts'][number]

export function describeHouse(options: {
  readonly range: OverviewRange
  readonly nowSeconds: number
  readonly figures: HouseFigures
  readonly position: Position | undefined
  readonly funds: Pick<Funds, 'revenueWei' | 'stakeWei'> | undefined
  readonly tokenRevenue: readonly TokenRevenue[]
  readonly pausedSince: number | undefined
  readonly openAlerts: readonly OpenAlert[]
}): Overview {
  const { range, nowSeconds, figures, position, funds, pausedSince } = options
  const steps = stepsOf(range, nowSeconds)
  const inRange = figures.spend.filter(({ hour }) => steps.indexOf(hour) !== undefined)
  const freeWei = position === undefined ? 0n : position.depositWei - position.depositHeldWei
  return {
    range,
    atSeconds: nowSeconds,
    stepSeconds: steps.stepSeconds,
    startsAtSeconds: [...steps.startsAtSeconds],
    spend: spendSeries(inRange, steps),
    totals: { ...totalsOf(inRange), ...requestsIn(figures, steps) },
    tokenCharges: tokenChargesOf(figures.tokenHours.filter(({ hour }) => steps.indexOf(hour) !== undefined)),
    allTime: {
      costWei: String(figures.allTime.costWei),
      lossWei: String(figures.allTime.lossWei),
      operations: figures.allTime.operations,
    },
    refusals: refusalSeries(figures, steps),
    grants: counted(figures, steps, ({ outcome }) => outcome === 'granted'),
    deposit:
      position === undefined
        ? null
        : {
            totalWei: String(position.depositWei),
            heldWei: String(position.depositHeldWei),
            freeWei: String(freeWei),
            atBlock: String(position.block.number),
          },
    revenueWei: funds === undefined ? null : String(funds.revenueWei),
    tokenRevenue: [...options.tokenRevenue],
    stakeWei: funds === undefined ? null : String(funds.stakeWei),
    runway: runwayOf({ spend: figures.spend, freeWei, firstHour: figures.firstHour, nowSeconds }),
    topSenders: figures.topSenders.map(({ sender, costWei, operations }) => ({
      sender: getAddress(sender as Hex),
      costWei: String(costWei),
      operations,
    })),
    topSendersOfOperations: figures.topSendersOf,
    openAlerts: [...options.openAlerts],
    pausedSinceSeconds: pausedSince ?? null,
  }
}

/** From when figures are needed: for the range, and for the last day's burn. */
export function sinceOf(range: OverviewRange, nowSeconds: number): number {
  return Math.min(...[range, '24h' as const].map(one => stepsOf(one, nowSeconds).startsAtSeconds[0] ?? 0))
}

/** What is sponsored is nobody's debt: its loss is its cost, and said once. */
function lossOf({ mode, loss_wei }: SpendHour): bigint {
  return mode === 'sponsor' ? 0n : BigInt(loss_wei)
}

function spendSeries(hours: readonly SpendHour[], steps: Steps): Overview['spend'] {
  const lines = new Map<string, SpendHour[]>()
  for (const hour of hours) {
    const key = `${hour.mode} ${hour.policy_id}`
    lines.set(key, [...(lines.get(key) ?? []), hour])
  }
  return [...lines.values()].map(line => {
    const [{ mode, policy_id, policy_name }] = line as [SpendHour]
    const wei = (amount: (hour: SpendHour) => bigint): string[] =>
      summed(line, steps, amount, 0n, (one, other) => one + other).map(String)
    const number = (count: (hour: SpendHour) => number): number[] =>
      summed(line, steps, count, 0, (one, other) => one + other)
    return {
      mode,
      policyId: policy_name ?? (/^0x0*$/.test(policy_id) ? null : policy_id),
      costsWei: wei(({ cost_wei }) => BigInt(cost_wei)),
      lossesWei: wei(lossOf),
      chargesWei: wei(({ charge_wei }) => BigInt(charge_wei)),
      operations: number(({ operations }) => operations),
      failedOperations: number(({ failed }) => failed),
    }
  })
}

function summed<Figure, Of extends { readonly hour: number }>(
  hours: readonly Of[],
  steps: Steps,
  figureOf: (hour: Of) => Figure,
  zero: Figure,
  plus: (one: Figure, other: Figure) => Figure,
): Figure[] {
  const sums = steps.startsAtSeconds.map(() => zero)
  for (const hour of hours) {
    const index = steps.indexOf(hour.hour)
    if (index !== undefined) sums[index] = plus(sums[index] ?? zero, figureOf(hour))
  }
  return sums
}

function totalsOf(hours: readonly SpendHour[]): Omit<Overview['totals'], 'granted' | 'refused'> {
  const sum = (amount: (hour: SpendHour) => bigint): bigint =>
    hours.reduce((total, hour) => total + amount(hour), 0n)
  const chargeWei = sum(({ charge_wei }) => BigInt(charge_wei))
  return {
    costWei: String(sum(({ cost_wei }) => BigInt(cost_wei))),
    lossWei: String(sum(lossOf)),
    chargeWei: String(chargeWei),
    unpaidChargeWei: String(sum(({ unpaid_wei }) => BigInt(unpaid_wei))),
    markupWei: String(chargeWei - sum(({ charged_cost_wei }) => BigInt(charged_cost_wei))),
    operations: hours.reduce((total, { operations }) => total + operations, 0),
    failedOperations: hours.reduce((total, { failed }) => total + failed, 0),
  }
}

type DecisionHour = HouseFigures['decisions'][number]

function counted(
  { decisions }: HouseFigures,
  steps: Steps,
  isMeant: (hour: DecisionHour) => boolean,
): number[] {
  return summed(
    decisions.filter(isMeant),
    steps,
    ({ requests }) => requests,
    0,
    (one, other) => one + other,
  )
}

function requestsIn(figures: HouseFigures, steps: Steps): Pick<Overview['totals'], 'granted' | 'refused'> {
  const total = (wanted: string): number =>
    counted(figures, steps, ({ outcome }) => outcome === wanted).reduce((sum, count) => sum + count, 0)
  return { granted: total('granted'), refused: total('refused') }
}

/** The most frequent first. */
function refusalSeries(figures: HouseFigures, steps: Steps): Overview['refusals'] {
  const reasons = new Set(
    figures.decisions.filter(({ outcome }) => outcome === 'refused').map(({ reason }) => reason),
  )
  return [...reasons]
    .map(reason => {
      const requests = counted(figures, steps, hour => hour.outcome === 'refused' && hour.reason === reason)
      return { reason, requests, total: requests.reduce((sum, count) => sum + count, 0) }
    })
    .filter(({ total }) => total > 0)
    .sort((one, other) => other.total - one.total)
}
