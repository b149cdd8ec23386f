// The written form of a policy: an entry of the policies file, what the console's editor saves, and what the database
// keeps. Every field has the words that mend it; what it means is for toPolicy.ts.
import { z } from 'zod'
import { budgetWindows } from '../../ledger/budgetWindow.ts'
import { fieldProblems as must } from '../../problems/fieldProblems.ts'
import { daysOfWeek } from '../openHours.ts'
import { allowedFunction } from './allowedFunction.ts'
import { address, amount, callTarget, codeHash, count, listOf, moment, timeOfDay } from './fields.ts'

/** Shorter than a slow block takes to come, and no bundler accepts it. */
/** Nobody has paid yet for what is signed, so it is short: a client asks anew where it needs longer. */
export const validitySecondsRange = { minimum: 90, maximum: 600, fallback: 180 } as const

const window = z.enum(budgetWindows).default('day')
const limits = z.strictObject({
  costWei: amount.optional().meta({ description: 'native wei of gas that the operator pays' }),
  tokenWei: amount.optional().meta({ description: "token wei that the operations' own calls spend" }),
  operations: count.optional().meta({ description: 'how many operations' }),
  window: window.meta({ description: 'UTC; by the calendar, weeks from Monday' }),
})
/** One limit, or several of different windows. */
const someLimits = z.union([limits, z.array(limits).min(1, must.noLimit).max(5)], {
  error: must.notLimits,
})

const secondsUpTo = (days: number) =>
  z
    .int(must.notSeconds)
    .min(60)
    .max(days * 86_400, `must be at most ${days} days (${days * 86_400})`)

export const policySchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, must.notPolicyId)
    .meta({ description: 'callers name it by {"sponsorshipPolicyId": id}; never changes' }),
  name: z.string().trim().min(1, must.empty).max(80).meta({ description: 'for people; wallets show it' }),
  author: z.string().max(80).optional().meta({ description: 'for people: who sponsors' }),
  icon: z
    .string()
    .startsWith('data:', must.notDataUri)
    .max(65_536)
    .optional()
    .meta({ description: 'a picture as a data URI; wallets show it' }),
  description: z.string().max(500).optional().meta({ description: 'for people: what it is for' }),
  default: z.boolean().default(false).meta({ description: 'serves operations that name no policy' }),
  startsAt: moment.optional().meta({ description: 'nothing is signed before it' }),
  endsAt: moment.optional().meta({ description: 'nothing is signed beyond it' }),
  hours: z
    .array(
      z.strictObject({
        days: z
          .array(z.enum(daysOfWeek), must.notDays)
          .min(1, must.noDay)
          .default([...daysOfWeek]),
        from: timeOfDay.meta({ description: 'UTC' }),
        to: timeOfDay.meta({ description: 'UTC; at or before `from` it is on the next day' }),
      }),
      must.notList,
    )
    .min(1, must.noHours)
    .max(50)
    .optional()
    .meta({ description: 'of the day and the week, UTC; always without' }),
  validitySeconds: z
    .int(must.notWhole)
    .min(validitySecondsRange.minimum)
    .max(validitySecondsRange.maximum)
    .default(validitySecondsRange.fallback)
    .meta({ description: 'for how long a signature is good' }),
  apiKeys: listOf(z.string().min(1).max(64))
    .min(1, must.noKeys)
    .optional()
    .meta({ description: 'ids of the API keys that may use it; everybody without' }),
  contracts: listOf(
    z.strictObject({
      address: callTarget,
      functions: listOf(allowedFunction).min(1, must.noFunction),
    }),
  )
    .default([])
    .meta({ description: 'every call of a batch must be listed' }),
  valuePerOperationWei: amount
    .optional()
    .meta({ description: 'native wei that all calls of an operation may send together' }),
  factories: z
    .union([z.literal('any'), listOf(address)], must.notFactories)
    .default([])
    .meta({ description: 'who may deploy an account' }),
  accountKinds: listOf(
    z.strictObject({
      name: z.string().max(80).optional(),
      codeHash,
      implementationCodeHash: codeHash.optional(),
    }),
  )
    .min(1, must.noKinds)
    .optional()
    .meta({ description: 'by keccak-256 of the deployed code, of a proxy also of its implementation' }),
  senders: z
    .strictObject({ allow: listOf(address).optional(), block: listOf(address).default([]) })
    .optional(),
  market: z
    .strictObject({
      contracts: listOf(address).min(1, must.noMarket),
      pricePerSecondAtMostWei: amount
        .optional()
        .meta({ description: "of the offer, and of what the call agrees to; the token's wei" }),
      providers: z.union([z.literal('registered'), listOf(address).min(1)], must.notProviders).optional(),
    })
    .optional()
    .meta({ description: 'the market whose calls are read for what they spend, and with whom' }),
  limits: z.strictObject({
    costPerOperationWei: amount.meta({ description: 'gas of one operation at its dearest' }),
    tokenPerOperationWei: amount
      .optional()
      .meta({ description: 'what the calls of one operation may spend of the token' }),
    perSender: someLimits.optional().meta({ description: 'of each account' }),
    perApiKey: someLimits.optional().meta({ description: 'of each API key; counts nothing without one' }),
    global: someLimits.meta({ description: 'of all together; one must have costWei' }),
  }),
  bans: z
    .strictObject({
      afterFailures: count.optional().meta({ description: 'of sponsored operations, once they are final' }),
      afterLossWei: amount
        .optional()
        .meta({ description: 'of gas that was for nothing or was not paid back' }),
      withinSeconds: secondsUpTo(30).default(86_400),
      forSeconds: secondsUpTo(365).default(7 * 86_400),
    })
    .optional()
    .meta({ description: 'senders whose operations failed or were not paid for wait' }),
  webhook: z
    .strictObject({
      url: z
        .string()
        .max(2_048)
        .refine(text => URL.canParse(text), must.notUrl),
      secret: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, must.notSecretName),
      timeoutMilliseconds: z.int(must.notWhole).min(100).max(10_000).default(2_000),
    })
    .optional()
    .meta({ description: 'asked last, before an operation is signed for; anything but a yes is a no' }),
})

export type WrittenPolicy = z.output<typeof policySchema>
export type WrittenLimits = z.output<typeof someLimits>
