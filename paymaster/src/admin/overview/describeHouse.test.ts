// The overview's figures out of sums by the hour: each hour in its step, each wei once, and a runway that can be checked.
import { parseEther } from 'viem'
import { describe, expect, it } from 'vitest'
import type { HouseFigures, SpendHour } from '../../decisions/explorer/readHouse.ts'
import { describeHouse, sinceOf } from './describeHouse.ts'
import type { Overview, OverviewRange } from './schema.ts'

/** Half past an hour. */
const nowSeconds = 1_790_001_000 - (1_790_001_000 % 3_600) + 1_800
const thisHour = nowSeconds - 1_800
const hour = 3_600

function spent(at: number, change: Partial<SpendHour> = {}): SpendHour {
  return {
    ...{ hour: at, mode: 'sponsor', policy_id: `0x${'12'.repeat(16)}`, policy_name: 'rentals' },
    ...{ cost_wei: '100', loss_wei: '100', charge_wei: '0', unpaid_wei: '0', charged_cost_wei: '0' },
    ...{ operations: 1, failed: 0 },
    ...change,
  }
}

const token = { mode: 'token', policy_id: `0x${'00'.repeat(16)}`, policy_name: null }

function describeFor(
  range: OverviewRange,
  figures: Partial<HouseFigures>,
  depositWei = parseEther('0.96'),
): Overview {
  return describeHouse({
    range,
    nowSeconds,
    figures: {
      ...{ spend: [], tokenHours: [], decisions: [], firstHour: 0, topSenders: [], topSendersOf: 0 },
      allTime: { costWei: 0n, lossWei: 0n, operations: 0 },
      ...figures,
    },
    position: { block: { number: 7n, hash: '0x' }, depositWei, depositHeldWei: 0n },
    funds: undefined,
    tokenRevenue: [],
    pausedSince: undefined,
    openAlerts: [],
  })
}

describe('the steps', () => {
  it.each([
    ['24h', 24, hour],
    ['7d', 168, hour],
    ['30d', 30, 24 * hour],
  ] as const)('of %s are %i of %i seconds, the last one under way', (range, count, stepSeconds) => {
    const { startsAtSeconds, ...rest } = describeFor(range, {})
    expect(rest.stepSeconds).toBe(stepSeconds)
    expect(startsAtSeconds).toHaveLength(count)
    const last = startsAtSeconds.at(-1) ?? 0
    expect(last).toBeLessThanOrEqual(nowSeconds)
    expect(last + stepSeconds).toBeGreaterThan(nowSeconds)
  })

  it('take the hours of their time, and no other', () => {
    const spend = [spent(thisHour - 24 * hour), spent(thisHour - 23 * hour), spent(thisHour)]
    const { spend: lines, totals } = describeFor('24h', { spend })
    const costs = lines[0]?.costsWei ?? []
    expect([costs[0], costs.at(-1)]).toEqual(['100', '100'])
    expect(totals).toMatchObject({ costWei: '200', operations: 2 })
  })
})

describe('the totals', () => {
  it('count what is sponsored as cost and not as loss, and what charges brought beyond their gas as markup', () => {
    const paid = { cost_wei: '100', loss_wei: '0', charge_wei: '110', charged_cost_wei: '100' }
    const owed = { cost_wei: '100', loss_wei: '100', unpaid_wei: '110' }
    const spend = [
      spent(thisHour),
      spent(thisHour, { ...token, ...paid }),
      spent(thisHour, { ...token, ...owed }),
    ]
    expect(describeFor('24h', { spend }).totals).toMatchObject({
      costWei: '300',
      lossWei: '100',
      chargeWei: '110',
      unpaidChargeWei: '110',
      markupWei: '10',
    })
  })

  it('say each reason by its number, the most frequent first', () => {
    const refused = (reason: string, requests: number, at = thisHour) => ({
      ...{ hour: at, outcome: 'refused', reason, requests },
    })
    const decisions = [
      refused('feeTooLow', 2),
      refused('callNotAllowed', 3),
      refused('callNotAllowed', 4, thisHour - hour),
      { hour: thisHour, outcome: 'granted', reason: '', requests: 5 },
    ]
    const { refusals, totals } = describeFor('24h', { decisions })
    expect(refusals.map(({ reason, total }) => [reason, total])).toEqual([
      ['callNotAllowed', 7],
      ['feeTooLow', 2],
    ])
    expect(totals).toMatchObject({ granted: 5, refused: 9 })
  })
})

describe('what other tokens brought', () => {
  const address = `0x${'ab'.repeat(20)}`
  const paid = (hour: number, change: object = {}) => ({
    ...{ hour, token: address, units: '1500000', cost_wei: '100', operations: 1, symbol: 'SIX', decimals: 6 },
    ...change,
  })

  it('is told token by token, in the range alone, beside the gas that it was for', () => {
    const tokenHours = [
      paid(thisHour - 30 * hour),
      paid(thisHour - hour),
      paid(thisHour, { units: '1', operations: 2 }),
      paid(thisHour, { token: `0x${'cd'.repeat(20)}`, units: '7', symbol: null, decimals: null }),
    ]
    const { tokenCharges, totals } = describeFor('24h', { tokenHours })
    expect(tokenCharges).toMatchObject([
      { symbol: 'SIX', decimals: 6, units: '1500001', costWei: '200', operations: 3 },
      { decimals: 0, units: '7', costWei: '100', operations: 1 },
    ])
    // They are no wei of the compute token.
    expect(totals).toMatchObject({ chargeWei: '0', markupWei: '0' })
  })

  it('is not there where a reorg took all of it back', () => {
    const tokenHours = [paid(thisHour, { units: '0', cost_wei: '0', operations: 0 })]
    expect(describeFor('24h', { tokenHours }).tokenCharges).toEqual([])
  })
})

describe('the runway', () => {
  /** 23 hours and a half of a day are measured, for the last one is under way. */
  const aDaysBurn = (parseEther('0.096') * 47n) / 48n

  it('is the free deposit by the last day’s rate, of what did not come back', () => {
    const spend = [
      spent(thisHour - 5 * hour, { cost_wei: String(aDaysBurn), loss_wei: String(aDaysBurn) }),
      spent(thisHour, { ...token, cost_wei: String(parseEther('9')), loss_wei: '0' }),
      // A day ago and before that: not of the last day.
      spent(thisHour - 30 * hour, { cost_wei: '9', loss_wei: String(parseEther('9')) }),
    ]
    expect(describeFor('7d', { spend }).runway).toMatchObject({
      days: 10,
      burnedInLastDayWei: String(parseEther('0.096')),
    })
  })

  it('takes the rate of the hours that there are, where the house is younger than a day', () => {
    const spend = [spent(thisHour - hour, { loss_wei: '1500' })]
    const { runway } = describeFor('24h', { spend, firstHour: thisHour - hour })
    // An hour and a half.
    expect(runway.burnedInLastDayWei).toBe('24000')
  })

  it('counts gas that was paid in another token, for that fills no deposit', () => {
    const spend = [spent(thisHour, { mode: 'erc20', cost_wei: String(aDaysBurn), loss_wei: '0' })]
    expect(describeFor('24h', { spend }).runway.days).toBe(10)
  })

  it('is open where nothing was burnt, and none where nothing is free', () => {
    expect(describeFor('24h', {}).runway.days).toBeNull()
    expect(describeFor('24h', { spend: [spent(thisHour)] }, 0n).runway.days).toBe(0)
  })

  it('asks for the last day’s hours, whatever the range', () => {
    expect(sinceOf('24h', nowSeconds)).toBe(thisHour - 23 * hour)
    expect(sinceOf('30d', nowSeconds)).toBeLessThan(nowSeconds - 28 * 24 * hour)
  })
})
