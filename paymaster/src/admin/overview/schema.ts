// The first page of the console: what is spent, on whom, for how long it lasts, and what is refused.
import { z } from '@hono/zod-openapi'

/** 24 hours and 7 days by the hour, 30 days by the day (UTC). */
export const overviewRanges = ['24h', '7d', '30d'] as const

const wei = z.string().regex(/^-?\d{1,78}$/)
const seconds = z.int().nonnegative()

export const overviewQuerySchema = z.object({ range: z.enum(overviewRanges).default('24h') })

/** One line of a chart; `values` are as many as `startsAtSeconds` of the overview. */
const series = {
  mode: z.string(),
  /** As operators name it; null for who pays alone, or the contract's id where it is written nowhere any more. */
  policyId: z.string().nullable(),
}

export const spendSeriesSchema = z
  .object({
    ...series,
    /** Gas that final operations cost the deposit, in each step. */
    costsWei: z.array(wei),
    /** The part of it that should have come back in the token and did not. */
    lossesWei: z.array(wei),
    /** What the token's charges brought, as far as they were paid. */
    chargesWei: z.array(wei),
    operations: z.array(z.int()),
    failedOperations: z.array(z.int()),
  })
  .openapi('SpendSeries')

export const refusalSeriesSchema = z
  .object({ reason: z.string(), requests: z.array(z.int()), total: z.int() })
  .openapi('RefusalSeries')

export const runwaySchema = z
  .object({
    /** Days until what is free of the deposit is burnt at the last 24 hours' rate; null while nothing is burnt. */
    days: z.number().nullable(),
    freeWei: wei,
    /** What the deposit lost on balance: sponsored costs and losses; what a token mode pays back is not burnt. */
    burnedInLastDayWei: wei,
    /** Over how many hours that was measured: 24, or as many as anything is known of. */
    measuredHours: z.int(),
    /** In words: how it is computed. */
    explanation: z.string(),
  })
  .openapi('Runway')

/** Amounts of one token; there is no sum over tokens, for nobody here says what one is worth in another. */
const inToken = {
  token: z.string(),
  symbol: z.string(),
  decimals: z.int(),
}

/** Of final operations that paid their gas in another ERC-20 than the compute token. */
export const tokenChargeSumSchema = z
  .object({
    ...inToken,
    /** Markup included; in the token's smallest unit. */
    units: wei,
    /** The gas that it was charged for, in the coin; part of `costWei` of the totals. */
    costWei: wei,
    operations: z.int(),
  })
  .openapi('TokenChargeSum')

/** What the contract holds for its owner, to be withdrawn and sold: it becomes no deposit by itself. */
export const tokenRevenueSchema = z
  .object({ ...inToken, /** Null where the node does not say. */ units: wei.nullable() })
  .openapi('TokenRevenue')

export const overviewSchema = z
  .object({
    range: z.enum(overviewRanges),
    atSeconds: seconds,
    stepSeconds: z.int().positive(),
    /** Where each step of the charts begins, oldest first; the last one is under way. */
    startsAtSeconds: z.array(seconds),
    spend: z.array(spendSeriesSchema),
    /** In the range. */
    totals: z.object({
      costWei: wei,
      lossWei: wei,
      /** In the compute token. */
      chargeWei: wei,
      unpaidChargeWei: wei,
      /** What paid charges in the compute token brought beyond the gas that they paid for. */
      markupWei: wei,
      operations: z.int(),
      failedOperations: z.int(),
      granted: z.int(),
      refused: z.int(),
    }),
    /** In the range, token by token; the most operations first. */
    tokenCharges: z.array(tokenChargeSumSchema),
    /** Since the ledger began. */
    allTime: z.object({ costWei: wei, lossWei: wei, operations: z.int() }),
    refusals: z.array(refusalSeriesSchema),
    grants: z.array(z.int()),
    deposit: z.object({ totalWei: wei, heldWei: wei, freeWei: wei, atBlock: z.string() }).nullable(),
    /** Not yet turned into deposit; null until the treasury has looked. */
    revenueWei: wei.nullable(),
    /** Of other tokens than the compute token, now. */
    tokenRevenue: z.array(tokenRevenueSchema),
    stakeWei: wei.nullable(),
    runway: runwaySchema,
    topSenders: z.array(z.object({ sender: z.string(), costWei: wei, operations: z.int() })),
    /** How many of the newest landings in the range `topSenders` are taken from. */
    topSendersOfOperations: z.int(),
    openAlerts: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        subject: z.string().nullable(),
        severity: z.string(),
        title: z.string(),
        /** In the unit of its threshold. */
        value: z.string(),
        openedAtSeconds: seconds,
      }),
    ),
    /** Why nothing is signed for at the moment; null while all is well. */
    pausedSinceSeconds: seconds.nullable(),
  })
  .openapi('Overview')

export type TokenChargeSum = z.infer<typeof tokenChargeSumSchema>
export type TokenRevenue = z.infer<typeof tokenRevenueSchema>
export type Overview = z.infer<typeof overviewSchema>
export type OverviewRange = (typeof overviewRanges)[number]
export type OverviewQuery = z.infer<typeof overviewQuerySchema>
