// What the console's explorer sees of an operation: why it was granted or refused, and what came of it, to the wei.
import { z } from '@hono/zod-openapi'
import type { KeyRefusal } from '../../apiKeys/judgeKey.ts'
import type { DenialReason } from '../../denial.ts'
import type { RuleTextCode } from '../../policy/ruleTexts.ts'
import { fieldProblems as must } from '../../problems/fieldProblems.ts'

/** By which the paymaster refuses, and by which it refuses an API key. */
export type RefusalReason = DenialReason | `apiKey.${KeyRefusal}`
/** What a rule says where it refuses nothing. */
export type RuleCode = RuleTextCode

export const operationOutcomes = ['granted', 'refused'] as const
/**
 * `replaced`: another operation has used its nonce. `none`: refused, so there is nothing to land. A reorg takes
 * `included` (and, where it is deeper than expected, `final`) back to `reserved`.
 */
export const operationStates = ['none', 'reserved', 'included', 'final', 'expired', 'replaced'] as const
/** Those of paymasterData; `unknown`: a refusal before the mode was clear, or a landing whose signature was never recorded. */
export const operationModes = ['sponsor', 'token', 'tokenDeferred', 'tank', 'erc20', 'unknown'] as const

const wei = z.string().regex(/^-?\d{1,78}$/)
const hex = z.string().regex(/^0x[0-9a-f]*$/)
const seconds = z.int().nonnegative()

export const operationSchema = z
  .object({
    /** Of the row: what `GET /operations/{id}` takes, beside a user operation's hash. */
    id: z.string(),
    atSeconds: seconds,
    /** Of the last of them, where equal refusals of one sender within a minute are one row. */
    lastAtSeconds: seconds,
    /** How many requests the row stands for; 1 but for refusals. */
    times: z.int().positive(),
    outcome: z.enum(operationOutcomes),
    state: z.enum(operationStates),
    mode: z.string(),
    /** Of who pays: `sponsor` has one. Null where there is none, or where a refusal came before one was chosen. */
    policyId: z.string().nullable(),
    policyVersion: z.int().nullable(),
    apiKeyId: z.string().nullable(),
    /** Whose limits it counts against: an address of the network. */
    caller: z.string().nullable(),
    /** Null where a request was refused before it was read. */
    sender: z.string().nullable(),
    nonce: z.string().nullable(),
    /** Null for what was refused. */
    userOperationHash: z.string().nullable(),
    /** A `DenialReason`; null for what was granted. */
    reason: z.string().nullable(),
    maxCostWei: wei.nullable(),
    /** Once it has landed, and for our deposit. */
    actualCostWei: wei.nullable(),
    lossWei: wei.nullable(),
    /** Of the token, in wei; null where nothing was to be charged. */
    chargeWei: wei.nullable(),
    isChargePaid: z.boolean().nullable(),
    /** Where it paid in another ERC-20 than the compute token: what that brought, in the token's smallest units. */
    tokenCharge: z
      .object({ token: z.string(), symbol: z.string(), decimals: z.int(), units: wei })
      .nullable(),
    succeeded: z.boolean().nullable(),
    blockNumber: z.string().nullable(),
    landedAtSeconds: seconds.nullable(),
    transactionHash: z.string().nullable(),
  })
  .openapi('Operation')

export const operationListSchema = z
  .object({
    items: z.array(operationSchema),
    nextCursor: z.string().nullable(),
    /** How many match in all, counted as far as 10,000. */
    count: z.int().nonnegative(),
    /** True: there are more than `count`. */
    isCountCapped: z.boolean(),
    /** What to tell beside the list, as that a prefix is too short to be looked for; mostly null. */
    notice: z.string().nullable(),
  })
  .openapi('OperationList')

export const ruleOutcomeSchema = z
  .object({
    rule: z.string(),
    /** Null where an earlier rule refused before this one was asked. */
    passed: z.boolean().nullable(),
    detail: z.string(),
    /** For other languages: what `detail` says, or the reason of the refusal; null where neither is known. */
    code: z.string().nullable(),
    values: z.record(z.string(), z.string()),
  })
  .openapi('RuleOutcome')

export const decodedCallSchema = z
  .object({
    to: z.string(),
    selector: hex,
    valueWei: wei,
    /** Bytes of its data, the selector among them. */
    dataBytes: z.int().nonnegative(),
  })
  .openapi('DecodedCall')

/** As it was asked for, in the wire's own form: paste it into a dry run. */
export const requestedOperationSchema = z
  .object({
    sender: z.string(),
    nonce: hex,
    factory: z.string().optional(),
    factoryData: hex.optional(),
    callData: hex,
    callGasLimit: hex,
    verificationGasLimit: hex,
    preVerificationGas: hex,
    maxFeePerGas: hex,
    maxPriorityFeePerGas: hex,
    paymasterVerificationGasLimit: hex.optional(),
    paymasterPostOpGasLimit: hex.optional(),
    signature: hex.optional(),
  })
  .openapi('RequestedOperation')

export const decisionSchema = z
  .object({
    /** In words: why it was refused, or under what it was granted. */
    sentence: z.string(),
    rules: z.array(ruleOutcomeSchema),
    calls: z.array(decodedCallSchema),
    /** Calls beyond those that are kept. */
    moreCalls: z.int().nonnegative(),
    validUntilSeconds: seconds.nullable(),
    /** Null for refusals, and where it is longer than what is kept: `operationNote` says so. */
    operation: requestedOperationSchema.nullable(),
    operationNote: z.string().nullable(),
  })
  .openapi('Decision')

export const ledgerRowSchema = z
  .object({
    exposureId: z.int(),
    /** Of the nonce, not of this signature alone. */
    state: z.enum(['reserved', 'included', 'final', 'expired']),
    reservedWei: wei,
    validUntilSeconds: seconds,
    /** All signatures that were given for the nonce: one can land. */
    signatures: z.array(
      z.object({
        userOperationHash: z.string(),
        mode: z.string(),
        maxCostWei: wei,
        validUntilSeconds: seconds,
      }),
    ),
    budgetIds: z.array(z.string()),
  })
  .openapi('LedgerRow')

/** `notConnected`: no --bundler-url. `unreachable`: it did not answer in time, or not as a bundler does. */
export const bundlerViewSchema = z
  .object({
    connection: z.enum(['connected', 'notConnected', 'unreachable']),
    /** What to do about it; null while connected. */
    hint: z.string().nullable(),
    /** In its mempool, as it names it (`pending`, `bundled`, …); null where it does not know the operation. */
    state: z.string().nullable(),
    /** `worldland_explainUserOperation`'s answer, as it is; null where it has none. */
    explanation: z.unknown(),
    /** From `eth_getUserOperationReceipt`. */
    receipt: z
      .object({ success: z.boolean(), transactionHash: z.string(), blockNumber: z.string() })
      .nullable(),
  })
  .openapi('BundlerView')

export const marketEventSchema = z
  .object({
    kind: z.enum(['lease', 'session']),
    contract: z.string(),
    /** `LeaseOpened`, `SessionOpened`, … */
    event: z.string(),
    leaseId: z.string().nullable(),
    sessionId: z.string().nullable(),
    provider: z.string().nullable(),
  })
  .openapi('MarketEvent')

/** What the operation's own part of its transaction's receipt says. */
export const receiptViewSchema = z
  .object({
    /** `notLanded`: there is none yet. `unreachable`: the node did not answer in time. */
    status: z.enum(['read', 'notLanded', 'unreachable']),
    marketEvents: z.array(marketEventSchema),
    /** Of an operation that failed: the revert's data, and what it means where it is known here. */
    revertData: hex.nullable(),
    revertReason: z.string().nullable(),
    /** For other languages: the error's name, `none` without data, `unknown` where it is not known here. */
    revertError: z.string().nullable(),
  })
  .openapi('ReceiptView')

export const operationDetailSchema = z
  .object({
    operation: operationSchema,
    /** Null where only the ledger's row is left of it: what was decided was lost with a kill of the service. */
    decision: decisionSchema.nullable(),
    decisionNote: z.string().nullable(),
    /** Null for refusals, and for what the ledger has let go of. */
    ledger: ledgerRowSchema.nullable(),
    receipt: receiptViewSchema,
    bundler: bundlerViewSchema,
  })
  .openapi('OperationDetail')

/** Of the list and of the CSV export alike; what is left out filters nothing. */
export const operationFilterSchema = z.object({
  outcome: z.enum(operationOutcomes).optional(),
  state: z.enum(operationStates).optional(),
  mode: z.string().max(32).optional(),
  /** An empty one finds what no policy had a part in. */
  policyId: z.string().max(200).optional(),
  reason: z.string().max(64).optional(),
  apiKeyId: z.string().max(200).optional(),
  sender: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/, must.notAddress)
    .optional(),
  fromSeconds: z.coerce.number().int().nonnegative().optional(),
  untilSeconds: z.coerce.number().int().nonnegative().optional(),
  /** The beginning of a user operation's hash or of a sender (0x and at least 4 hex digits), or of a nonce (decimal). */
  search: z
    .string()
    .max(80)
    .regex(/^(0x[0-9a-fA-F]{4,64}|\d{1,78})$/, must.notSearch)
    .optional(),
})

export const operationQuerySchema = operationFilterSchema.extend({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(64).optional(),
})

export type Operation = z.infer<typeof operationSchema>
export type OperationList = z.infer<typeof operationListSchema>
export type OperationDetail = z.infer<typeof operationDetailSchema>
export type OperationFilter = z.infer<typeof operationFilterSchema>
export type OperationQuery = z.infer<typeof operationQuerySchema>
export type OperationOutcome = (typeof operationOutcomes)[number]
export type OperationState = (typeof operationStates)[number]
export type DecodedCall = z.infer<typeof decodedCallSchema>
export type RequestedOperationJson = z.infer<typeof requestedOperationSchema>
export type DecisionView = z.infer<typeof decisionSchema>
export type LedgerRow = z.infer<typeof ledgerRowSchema>
export type BundlerView = z.infer<typeof bundlerViewSchema>
export type ReceiptView = z.infer<typeof receiptViewSchema>
export type MarketEvent = z.infer<typeof marketEventSchema>
