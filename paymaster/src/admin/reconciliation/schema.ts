// What the books say and what the chain says, at one block, to the wei; and what explains the difference.
import { z } from '@hono/zod-openapi'
import { addressText, hashText, signedWeiText, weiText } from '../treasury/schema.ts'

/** `explained`: the books differ from the chain, and the items say by what, to the wei. `unexplained`: they do not add up. */
export const reconciliationStates = [
  'running',
  'baseline',
  'even',
  'explained',
  'unexplained',
  'failed',
] as const
export type ReconciliationState = (typeof reconciliationStates)[number]

export const driftKinds = [
  /** The deposit paid for an operation that this ledger did not sign for. */
  'foreignOperation',
  /** Signed for here, and booked at another cost than the chain tells. */
  'wrongCost',
  /** Signed for here, and booked as landed in no block. */
  'unbookedOperation',
  'depositByOther',
  'withdrawalByOther',
  /** Of another ERC-20: paid by an operation that this ledger did not sign for, booked otherwise, or not booked. */
  'foreignCharge',
  'wrongCharge',
  'unbookedCharge',
  /** Moved for no charge, refund or withdrawal of the contract's. */
  'tokenTransfer',
] as const
export type DriftKind = (typeof driftKinds)[number]

export const driftItemSchema = z
  .object({
    kind: z.enum(driftKinds),
    /** What it did to the deposit, and the books do not have. */
    wei: signedWeiText,
    /** The other ERC-20 whose smallest units `wei` are; null for the coin. */
    token: addressText.nullable(),
    transactionHash: hashText,
    userOperationHash: hashText.nullable(),
    /** The operation's sender, or who sent the transaction; null where that is not known. */
    account: addressText.nullable(),
    blockNumber: z.int(),
    says: z.string(),
  })
  .openapi('DriftItem')
export type DriftItem = z.infer<typeof driftItemSchema>

const checkSchema = z.object({
  /** At the block before, by the last run. */
  baseWei: weiText,
  expectedWei: signedWeiText,
  /** By the contract, at this block. */
  actualWei: weiText,
  /** Actual less expected. */
  driftWei: signedWeiText,
})

/** In the token's smallest units: base + charged as booked + refunds kept − refunds claimed − withdrawn by the owner. */
export const otherTokenCheckSchema = z
  .object({
    ...{ token: addressText, symbol: z.string(), decimals: z.int() },
    /** What the contract held at the block before. */
    base: signedWeiText,
    charged: weiText,
    operations: z.int(),
    refundsKept: weiText,
    refundsClaimed: weiText,
    withdrawn: weiText,
    expected: signedWeiText,
    /** By the token, at this block. */
    actual: weiText,
    drift: signedWeiText,
    /** Of the drift, what the items explain. */
    explained: signedWeiText,
    /** Of all runs together: what nobody has explained yet. */
    carried: signedWeiText,
  })
  .openapi('OtherTokenCheck')
export type OtherTokenCheck = z.infer<typeof otherTokenCheckSchema>

/** What the first comparison began with. `derived`: counted out of the chain's events since the contract came to be. `taken`: what the contracts held, unchecked. */
export const openingSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('derived'),
      block: z.int(),
      /** The last block without the contract: what was there by then is in `depositedWei`. */
      sinceBlock: z.int(),
      ...{ depositedWei: weiText, withdrawnWei: weiText, operationCostWei: weiText, operations: z.int() },
      /** By the EntryPoint, at `block`, without what is owed in tips. */
      depositWei: signedWeiText,
      /** Held by the contracts less what the events add up to. */
      drift: z.object({
        ...{ depositWei: signedWeiText, tipsWei: signedWeiText },
        ...{ tanksWei: signedWeiText, tokensWei: signedWeiText },
      }),
    }),
    z.object({
      kind: z.literal('taken'),
      block: z.int(),
      depositWei: signedWeiText,
      /** The node keeps no state or logs of then; there are too many blocks; the contract is not there. */
      why: z.enum(['notKept', 'tooLong', 'noContract']),
    }),
  ])
  .openapi('Opening')
export type Opening = z.infer<typeof openingSchema>

export const reconciliationRunSchema = z
  .object({
    id: z.string(),
    state: z.enum(reconciliationStates),
    startedBy: z.enum(['start', 'hour', 'demand']),
    startedAtSeconds: z.int(),
    finishedAtSeconds: z.int().nullable(),
    /** What was gone through: after `fromBlock`, up to and with `toBlock`; null while it is not known. */
    fromBlock: z.int().nullable(),
    toBlock: z.int().nullable(),
    toBlockHash: hashText.nullable(),
    /** The gas deposit without what is owed in tips: base + deposited and − withdrawn by the house − costs booked of operations signed for here, tips included. */
    deposit: checkSchema
      .extend({
        depositedWei: weiText,
        withdrawnWei: weiText,
        operationCostWei: weiText,
        operations: z.int(),
        /** Of the drift, what the items explain. */
        explainedWei: signedWeiText,
        unexplainedWei: signedWeiText,
        /** Of all runs since the first one together: what nobody has explained yet. */
        carriedWei: signedWeiText,
      })
      .nullable(),
    /** Owed to bundlers in tips, by events: base + given − claimed; null of runs before there were any. */
    tips: checkSchema.nullable(),
    /** Tanks, by their events: base + filled − withdrawn − collected. */
    tanks: checkSchema.nullable(),
    /** Tokens that the contract holds, by transfers; `spareWei` is what is left over the tanks, and never below zero. */
    tokens: checkSchema.extend({ spareWei: signedWeiText }).nullable(),
    /** Costs of operations signed for here: by the ledger, and by their events. */
    ledger: z
      .object({ bookedWei: weiText, eventsWei: weiText, driftWei: signedWeiText, operations: z.int() })
      .nullable(),
    /** Other ERC-20s that gas is or was paid in. */
    otherTokens: z.array(otherTokenCheckSchema),
    /** What the first run began with; null of books that began before this was kept. */
    opening: openingSchema.nullable(),
    /** How many there are; the first 500 are kept. */
    itemCount: z.int(),
    problem: z.string().nullable(),
  })
  .openapi('ReconciliationRun')
export type ReconciliationRun = z.infer<typeof reconciliationRunSchema>

export const reconciliationRunsSchema = z
  .object({ items: z.array(reconciliationRunSchema), nextCursor: z.string().nullable() })
  .openapi('ReconciliationRuns')

export const driftItemsSchema = z
  .object({ items: z.array(driftItemSchema), nextCursor: z.string().nullable() })
  .openapi('DriftItems')

/** `next`: when the next one starts by itself. */
export const reconciliationSchema = z
  .object({
    latest: reconciliationRunSchema.nullable(),
    isRunning: z.boolean(),
    nextAtSeconds: z.int().nullable(),
  })
  .openapi('Reconciliation')
export type ReconciliationView = z.infer<typeof reconciliationSchema>
