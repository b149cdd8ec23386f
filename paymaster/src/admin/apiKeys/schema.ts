// API keys on the wire of the admin API. The key itself is in one answer only, that to its making.
import { z } from '@hono/zod-openapi'
import { fieldProblems as must } from '../../problems/fieldProblems.ts'

export const apiKeyUses = ['rpc', 'admin'] as const
export const apiKeyRoles = ['viewer', 'operator', 'admin'] as const

const origin = z
  .string(must.notText)
  .max(256)
  .refine(
    text => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text,
    must.notOrigin,
  )
const network = z.union([z.ipv4(), z.cidrv4(), z.cidrv6().refine(isSixtyFourOrWider)], {
  error: must.notNetwork,
})
const method = z.string(must.notText).regex(/^[a-z]{2,16}_[A-Za-z0-9]{1,64}$/, must.notMethod)
const policyId = z.string(must.notText).min(1, must.empty).max(64)

const some = <Item extends z.ZodType>(item: Item) =>
  z.array(item, must.notList).min(1, must.emptyLimit).max(100).nullable().default(null)
const count = (most: number) =>
  z.int(must.notWhole).min(1).max(most, `must be at most ${most}`).nullable().default(null)

/** What a key may be used for; null is no limit of that kind. */
export const apiKeyLimitsSchema = z
  .object({
    /** Pages that may use it, by the Origin header of their browser. */
    origins: some(origin),
    /** From where it may be used. */
    networks: some(network),
    /** JSON-RPC methods that it may call. */
    methods: some(method),
    /** Policies by which it may have operations sponsored. */
    policyIds: some(policyId),
    callsPerSecond: count(1_000_000),
    callsPerDay: count(1_000_000_000),
  })
  .openapi('ApiKeyLimits')

export const apiKeySchema = z
  .object({
    id: z.string().openapi({ example: 'k3v9x0q2m1ab' }),
    name: z.string(),
    use: z.enum(apiKeyUses),
    /** Of a key for the admin API; null for one of callers. */
    role: z.enum(apiKeyRoles).nullable(),
    limits: apiKeyLimitsSchema,
    state: z.enum(['active', 'expired', 'revoked']),
    createdAtSeconds: z.int(),
    createdBy: z.string(),
    expiresAtSeconds: z.int().nullable(),
    lastUsedAtSeconds: z.int().nullable(),
    revokedAtSeconds: z.int().nullable(),
    /** Calls since midnight UTC. */
    callsToday: z.int(),
  })
  .openapi('ApiKey')

export const newApiKeySchema = z
  .object({
    name: z.string(must.notText).trim().min(1, must.empty).max(64),
    use: z.enum(apiKeyUses),
    role: z
      .enum(apiKeyRoles, `must be one of ${apiKeyRoles.join(', ')}`)
      .nullable()
      .default(null),
    limits: apiKeyLimitsSchema.prefault({}),
    expiresAtSeconds: z.int(must.notEpochSeconds).min(1).nullable().default(null),
  })
  .refine(({ use, role }) => (use === 'admin') === (role !== null), {
    path: ['role'],
    error: must.roleOfAdminKey,
  })
  .refine(({ use, limits }) => use === 'rpc' || (limits.methods === null && limits.policyIds === null), {
    path: ['limits'],
    error: must.limitsOfRpcKey,
  })
  .openapi('NewApiKey')

/** Name and limits of a key may be changed; what it is for may not. */
export const changedApiKeySchema = z
  .object({
    name: newApiKeySchema.shape.name,
    limits: apiKeyLimitsSchema,
    expiresAtSeconds: newApiKeySchema.shape.expiresAtSeconds,
  })
  .openapi('ChangedApiKey')

export const createdApiKeySchema = z
  .object({
    apiKey: apiKeySchema,
    /** `wlp_…`: shown now and never again. */
    key: z.string(),
  })
  .openapi('CreatedApiKey')

export const apiKeyListSchema = z
  .object({ items: z.array(apiKeySchema), nextCursor: z.string().nullable() })
  .openapi('ApiKeyList')

export type ApiKeyLimits = z.infer<typeof apiKeyLimitsSchema>
export type ApiKey = z.infer<typeof apiKeySchema>
export type NewApiKey = z.infer<typeof newApiKeySchema>
export type ChangedApiKey = z.infer<typeof changedApiKeySchema>
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>
export type ApiKeyList = z.infer<typeof apiKeyListSchema>

/** Whoever calls from IPv6 is known by the first 64 bits, which one customer is given. */
function isSixtyFourOrWider(network: string): boolean {
  return Number(network.split('/')[1]) <= 64
}
