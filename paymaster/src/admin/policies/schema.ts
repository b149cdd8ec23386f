// Policies on the wire of the admin API. A definition is the same JSON as an entry of the policies file: it is written,
// kept and read back as it stands, and judged by the service alone (GET /policies/schema says what it may hold).
import { z } from '@hono/zod-openapi'
import { fieldProblems as must } from '../../problems/fieldProblems.ts'

// The routes, under /api/v1:
//   GET  /policies                       GET  /policies/schema            GET  /policies/{id}
//   GET  /policies/{id}/history          PUT  /policies/{id} (save)       POST /policies/validate
//   POST /policies/{id}/rollback         POST /policies/{id}/archive      POST /policies/dry-run
//   GET  /policies/bans                  POST /policies/bans/forgive

export const policyStates = ['inForce', 'archived'] as const
/** Where a version came from: the file of --policies, the editor, an earlier version, or the end of a policy. */
export const policySources = ['file', 'console', 'rollback', 'archive'] as const
/** `hour`, `day`, `month` by the calendar in UTC, `week` from Monday (ISO 8601); `total` never starts anew. */
export const budgetWindows = ['hour', 'day', 'week', 'month', 'total'] as const
export const budgetScopes = ['global', 'sender', 'apiKey'] as const
export const budgetUnits = ['costWei', 'tokenWei', 'operations'] as const

const policyId = z.string(must.notText).min(1, must.empty).max(64).openapi({ example: 'rentals' })
const version = z.int(must.notWhole).min(0)
const seconds = z.int()

/** As in the policies file; amounts as text such as "0.1ether". */
export const policyDefinitionSchema = z.record(z.string(), z.unknown()).openapi('PolicyDefinition', {
  example: {
    id: 'rentals',
    name: 'Rentals on the house',
    contracts: [{ address: '0x1000000000000000000000000000000000000001', functions: ['stop(uint256)'] }],
    limits: { costPerOperationWei: '0.02ether', global: { costWei: '10ether', window: 'day' } },
  },
})

/** The compute token, of whose smallest units amounts in `tokenWei` are. */
const shownTokenSchema = z.object({ symbol: z.string(), decimals: z.int() }).openapi('ShownToken')

/** What the operator pays or lets be spent in one window, and what is left of it. */
export const policyBudgetSchema = z
  .object({
    scope: z.enum(budgetScopes),
    window: z.enum(budgetWindows),
    unit: z.enum(budgetUnits),
    /** Of a `tokenWei` budget; null of the others. */
    token: shownTokenSchema.nullable(),
    /** Wei, or a number of operations; decimal. */
    limit: z.string(),
    /** Of operations that are final. */
    used: z.string(),
    /** Of what is signed for and may still land, or is not final yet. */
    held: z.string(),
  })
  .openapi('PolicyBudget')

export const policySchema = z
  .object({
    id: policyId,
    name: z.string(),
    state: z.enum(policyStates),
    isDefault: z.boolean(),
    /** The version in force, or that was last. */
    version,
    /** The newest there is; above `version` where the file has a text that is not in force. */
    newestVersion: version,
    source: z.enum(policySources),
    author: z.string(),
    changedAtSeconds: seconds,
    note: z.string(),
    /** Why it sponsors nothing at this moment, for people; null while it does. */
    idleBecause: z.string().nullable(),
    /** The budgets of the whole policy, in their present windows. */
    budgets: z.array(policyBudgetSchema),
    /** Today (UTC), by the ledger; zero where the policy has no day budget, see `totals`. */
    today: z.object({ spentWei: z.string(), heldWei: z.string(), operations: z.int() }),
    /** Of all that is final, since the ledger began; `lossWei` is what operations that failed have cost. */
    totals: z.object({ spentWei: z.string(), lossWei: z.string(), operations: z.int() }),
  })
  .openapi('Policy')

export const policyListSchema = z
  .object({ items: z.array(policySchema), nextCursor: z.string().nullable() })
  .openapi('PolicyList')

export const policyDetailSchema = policySchema
  .extend({
    definition: policyDefinitionSchema,
    /** A text of the file that differs and waits: the policy was edited in the console. Null where there is none. */
    waitingFileVersion: version.nullable(),
  })
  .openapi('PolicyDetail')

export const policyVersionSchema = z
  .object({
    version,
    source: z.enum(policySources),
    author: z.string(),
    atSeconds: seconds,
    note: z.string(),
    isInForce: z.boolean(),
    definition: policyDefinitionSchema,
  })
  .openapi('PolicyVersion')

export const policyHistorySchema = z
  .object({ items: z.array(policyVersionSchema), nextCursor: z.string().nullable() })
  .openapi('PolicyHistory')

/** The JSON schema (draft 2020-12) of a definition, for an editor's help. */
export const policyJsonSchemaSchema = z.record(z.string(), z.unknown()).openapi('PolicyJsonSchema')

export const policyProblemSchema = z
  .object({
    /** `limits.global.costWei`; empty for the whole. */
    field: z.string(),
    problem: z.string(),
    /** For other languages: a code, and the values of its sentence. */
    code: z.string(),
    values: z.record(z.string(), z.string()),
  })
  .openapi('PolicyProblem')

export const policyValidationSchema = z
  .object({ isValid: z.boolean(), problems: z.array(policyProblemSchema) })
  .openapi('PolicyValidation')

const note = z.string(must.notText).max(500).default('')

export const validatePolicySchema = z.object({ definition: policyDefinitionSchema }).openapi('ValidatePolicy')

export const savePolicySchema = z
  .object({
    definition: policyDefinitionSchema,
    /** The newest version that the editor has seen: 0 for a new policy. Another one in between is answered 409. */
    expectedVersion: version,
    note,
  })
  .openapi('SavePolicy')

export const rollbackPolicySchema = z
  .object({ toVersion: version, expectedVersion: version, note })
  .openapi('RollbackPolicy')

export const archivePolicySchema = z.object({ expectedVersion: version, note }).openapi('ArchivePolicy')

/** The fields of a JSON-RPC user operation (EntryPoint v0.7), as a wallet or bundler sends it. */
export const pastedOperationSchema = z.record(z.string(), z.unknown()).openapi('PastedOperation')

/** One of `definition` and `policyId`, one of `operation` and `userOperationHash`. */
export const dryRunSchema = z
  .object({
    definition: policyDefinitionSchema.optional(),
    policyId: policyId.optional(),
    /** Of `policyId`; the one in force where it is left out. */
    version: version.optional(),
    operation: pastedOperationSchema.optional(),
    userOperationHash: z
      .string(must.notText)
      .regex(/^0x[0-9a-fA-F]{64}$/, must.notHash)
      .optional(),
    /** As if it were asked with this API key. */
    apiKeyId: z.string(must.notText).max(64).optional(),
    /** As if it were asked at this time; now where it is left out. */
    atSeconds: seconds.optional(),
  })
  .openapi('DryRun')

export const ruleOutcomeSchema = z
  .object({
    rule: z.string().openapi({ example: 'calls' }),
    /** Null where it was not asked: an earlier one refused, or a dry run leaves it out. */
    passed: z.boolean().nullable(),
    detail: z.string(),
    /** For other languages: what `detail` says, or the reason of the refusal; null where neither is known. */
    code: z.string().nullable(),
    values: z.record(z.string(), z.string()),
  })
  .openapi('RuleOutcome')

export const dryRunResultSchema = z
  .object({
    sponsored: z.boolean(),
    policyId: z.string(),
    version: version.nullable(),
    /** Null while the operation's gas is not known. */
    maxCostWei: z.string().nullable(),
    /** What its calls spend of the token; null where the policy does not ask. */
    tokenSpendWei: z.string().nullable(),
    /** In which `tokenSpendWei` is counted. */
    token: shownTokenSchema,
    /** The refusal as the caller would read it; null where it would be sponsored. */
    refusal: z.object({ reason: z.string(), message: z.string() }).nullable(),
    outcomes: z.array(ruleOutcomeSchema),
  })
  .openapi('DryRunResult')

/** A sender that is not sponsored for a time, because its operations failed or were not paid for. */
export const senderBanSchema = z
  .object({
    policyId,
    sender: z.string(),
    untilSeconds: seconds,
    failures: z.int(),
    lossWei: z.string(),
  })
  .openapi('SenderBan')

export const senderBanListSchema = z
  .object({ items: z.array(senderBanSchema), nextCursor: z.string().nullable() })
  .openapi('SenderBanList')

export const forgiveSenderSchema = z
  .object({
    sender: z.string(must.notText).regex(/^0x[0-9a-fA-F]{40}$/, must.notAddress),
    note,
  })
  .openapi('ForgiveSender')

export type PolicyDefinition = z.infer<typeof policyDefinitionSchema>
export type PolicyBudget = z.infer<typeof policyBudgetSchema>
export type Policy = z.infer<typeof policySchema>
export type PolicyList = z.infer<typeof policyListSchema>
export type PolicyDetail = z.infer<typeof policyDetailSchema>
export type PolicyVersion = z.infer<typeof policyVersionSchema>
export type PolicyHistory = z.infer<typeof policyHistorySchema>
export type PolicyProblem = z.infer<typeof policyProblemSchema>
export type PolicyValidation = z.infer<typeof policyValidationSchema>
export type SavePolicy = z.input<typeof savePolicySchema>
export type RollbackPolicy = z.input<typeof rollbackPolicySchema>
export type ArchivePolicy = z.input<typeof archivePolicySchema>
export type DryRun = z.input<typeof dryRunSchema>
export type RuleOutcome = z.infer<typeof ruleOutcomeSchema>
export type DryRunResult = z.infer<typeof dryRunResultSchema>
export type SenderBan = z.infer<typeof senderBanSchema>
export type SenderBanList = z.infer<typeof senderBanListSchema>
export type ForgiveSender = z.input<typeof forgiveSenderSchema>
