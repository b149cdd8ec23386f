// What the admin API says and takes about the tokens that gas can be paid in: their prices, where these come from, and
// what they brought in. The console imports these types.
import { z } from '@hono/zod-openapi'
import { fieldProblems as must } from '../../problems/fieldProblems.ts'

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, must.notAddress)
const wholeUnits = z.string().regex(/^\d{1,60}$/, must.notDigits)

/** An on-chain feed: AggregatorV3's latestRoundData and decimals. */
export const feedSourceSchema = z
  .strictObject({
    kind: z.literal('chainlinkFeed'),
    feed: address,
    /** `tokenPerNative`: the feed tells tokens for one coin; `nativePerToken`: coins for one token. */
    quotes: z.enum(['tokenPerNative', 'nativePerToken']),
    maxAgeSeconds: z.int().min(1).max(604_800),
  })
  .openapi('FeedSource')

/** The mean of a Uniswap V2 pair of the token and the wrapped coin, over a window of blocks. */
export const uniswapSourceSchema = z
  .strictObject({
    kind: z.literal('uniswapV2Twap'),
    pair: address,
    /** The coin's token in the pair. */
    wrappedNative: address,
    /** The mean spans at least so many blocks. */
    windowBlocks: z.int().min(2).max(10_000),
    /** What the pair must hold of the coin's token: a shallow pair is cheap to bend. */
    minReserveNativeWei: wholeUnits,
    maxAgeSeconds: z.int().min(1).max(604_800),
  })
  .openapi('UniswapSource')

/** A URL that answers {price, expires, signature}. */
export const urlSourceSchema = z
  .strictObject({
    kind: z.literal('signedUrl'),
    url: z.url({ protocol: /^https?$/ }).max(2_048),
    /** Whose signature is believed. */
    signer: address,
    maxAgeSeconds: z.int().min(1).max(604_800),
  })
  .openapi('SignedUrlSource')

export const priceSourceSchema = z
  .discriminatedUnion('kind', [feedSourceSchema, uniswapSourceSchema, urlSourceSchema])
  .openapi('PriceSource')

export const tokenSettingsSchema = z
  .strictObject({
    /** The first says the price, a second must agree with it within `maxSourceDeviationBps`. */
    sources: z.array(priceSourceSchema).min(1).max(2),
    markupBps: z.int().min(0).max(65_535),
    /** How far a price may be from the one before; beyond that nothing is quoted until it is accepted. */
    maxStepDeviationBps: z.int().min(1).max(10_000),
    maxSourceDeviationBps: z.int().min(1).max(10_000),
    /** Gas that a refund of this token may use; all of it is billed. */
    refundGas: z.int().min(12_000).max(249_000),
    /** Most units of the token that one operation may cost; left out, no bound of its own. */
    maxChargePerOperation: wholeUnits.optional(),
    enabled: z.boolean(),
  })
  .openapi('TokenSettings')

/** The same for other languages: a code, and the values of its sentence. */
const saysSchema = z.object({ code: z.string(), values: z.record(z.string(), z.string()) }).nullable()

export const priceProblemSchema = z
  .object({
    code: z.enum(['priceStale', 'priceDeviates', 'priceUnavailable']),
    message: z.string(),
    hint: z.string(),
    says: saysSchema,
  })
  .openapi('PriceProblem')

export const tokenPriceSchema = z
  .object({
    /** Units of the token for 1e18 native wei, as the sources say; rounded up. */
    rate: z.string(),
    /** The same, markup included: what is signed for. */
    rateWithMarkup: z.string(),
    /** Tokens for one coin, as a decimal number: for people. */
    tokensPerNative: z.string(),
    updatedAtSeconds: z.int(),
    ageSeconds: z.int(),
    /** What each source said, in their order. */
    sources: z.array(
      z.object({
        kind: z.string(),
        rate: z.string().nullable(),
        updatedAtSeconds: z.int().nullable(),
        problem: z.string().nullable(),
        says: saysSchema,
      }),
    ),
    /** Between two sources; null where there is one. */
    sourceDeviationBps: z.int().nullable(),
    /** Spot against the mean, of a Uniswap pair; null elsewhere. */
    spotDeviationBps: z.int().nullable(),
  })
  .openapi('TokenPrice')

export const tokenSpreadSchema = z
  .object({
    markupBps: z.int(),
    /** What rounding the rate up to whole units adds. */
    roundingBps: z.number(),
    /** Both together. */
    totalBps: z.number(),
  })
  .openapi('TokenSpread')

export const tokenSchema = z
  .object({
    address,
    name: z.string(),
    symbol: z.string(),
    decimals: z.int(),
    /** The compute token: always at par, its settings are the service's flags. */
    isComputeToken: z.boolean(),
    /** Null for the compute token. */
    settings: tokenSettingsSchema.nullable(),
    enabled: z.boolean(),
    /** Null while no source has told one. */
    price: tokenPriceSchema.nullable(),
    spread: tokenSpreadSchema,
    /** Why nothing is quoted; null when all is well. */
    problem: priceProblemSchema.nullable(),
    /** Units collected that are the operator's and not withdrawn yet. */
    revenue: z.string().nullable(),
    /** Units kept for senders whose refund the token refused. */
    refundsKept: z.string().nullable(),
    /** Units charged by final operations, and how many these were. */
    charged: z.string(),
    operations: z.int(),
    changedAtSeconds: z.int().nullable(),
  })
  .openapi('Token')

export const tokenListSchema = z
  .object({ items: z.array(tokenSchema), nextCursor: z.string().nullable() })
  .openapi('TokenList')

/** For a chart: at most 288 points of five minutes for a day. */
export const priceSeriesSchema = z
  .object({
    address,
    points: z.array(z.object({ atSeconds: z.int(), rate: z.string(), tokensPerNative: z.number() })),
  })
  .openapi('PriceSeries')

export const testedSourceSchema = z
  .object({
    ok: z.boolean(),
    /** Null where it could not be read. */
    rate: z.string().nullable(),
    tokensPerNative: z.string().nullable(),
    ageSeconds: z.int().nullable(),
    problem: priceProblemSchema.nullable(),
  })
  .openapi('TestedSource')

export const testSourceSchema = z
  .strictObject({ token: address, source: priceSourceSchema })
  .openapi('TestSource')

export const withdrawErc20Schema = z
  .strictObject({ recipient: address, amount: wholeUnits })
  .openapi('WithdrawErc20')

/** A prepared transaction for the owner's wallet. */
export const erc20WithdrawalSchema = z
  .object({ to: address, data: z.string(), valueWei: z.string() })
  .openapi('Erc20Withdrawal')

export type FeedSource = z.infer<typeof feedSourceSchema>
export type UniswapSource = z.infer<typeof uniswapSourceSchema>
export type UrlSource = z.infer<typeof urlSourceSchema>
export type PriceSource = z.infer<typeof priceSourceSchema>
export type TokenSettings = z.infer<typeof tokenSettingsSchema>
export type PriceProblem = z.infer<typeof priceProblemSchema>
export type TokenPrice = z.infer<typeof tokenPriceSchema>
export type TokenSpread = z.infer<typeof tokenSpreadSchema>
export type Token = z.infer<typeof tokenSchema>
export type TokenList = z.infer<typeof tokenListSchema>
export type PriceSeries = z.infer<typeof priceSeriesSchema>
export type TestedSource = z.infer<typeof testedSourceSchema>
export type TestSource = z.infer<typeof testSourceSchema>
export type Erc20Withdrawal = z.infer<typeof erc20WithdrawalSchema>

export type { PriceProblemCode } from '../../pricing/oracles/priceProblems.ts'
