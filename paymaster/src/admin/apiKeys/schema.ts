// API keys on the wire of the admin API. The key itself is in one answer only, that to its making.
import { z } from '@hono/zod-openapi'

export const apiKeyUses = ['rpc', 'admin'] as const
export const apiKeyRoles = ['viewer', 'operator', 'admin'] as const

const origin = z
  .string('must be text')
  .max(256, 'is too long')
  .refine(
    text => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text,
    'must be an origin such as https://app.example.com: scheme, host and port, no path',
  )
const network = z.union([z.ipv4(), z.cidrv4(), z.cidrv6().refine(isSixtyFourOrWider)], {
  error:
    'must be an IPv4 address, or a network such as 203.0.113.0/24 or 2001:db8::/48; of IPv6 a /64 or wider',
})
const method = z
  .string('must be text')
  .regex(/^[a-z]{2,16}_[A-Za-z0-9]{1,64}$/, 'must be the name of a JSON-RPC method')
const policyId = z.string('must be text').min(1, 'must not be empty').max(64, 'is too long')

const some = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item, 'must be a list')
    .min(1, 'is empty: give at least one, or null for no limit')
    .max(100, 'names too many')
    .nullable()
    .default(null)
const count = (most: number) =>
  z
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(most, `must be at most ${most}`)
    .nullable()
    .default(null)

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
    name: z
      .string('must be text')
      .trim()
      .min(1, 'must not be empty')
      .max(64, 'must have at most 64 characters'),
    use: z.enum(apiKeyUses, `must be one of ${apiKeyUses.join(', ')}`),
    role: z
      .enum(apiKeyRoles, `must be one of ${apiKeyRoles.join(', ')}`)
      .nullable()
      .default(null),
    limits: apiKeyLimitsSchema.prefault({}),
    expiresAtSeconds: z.int('must be seconds since the epoch').min(1).nullable().default(null),
  })
  .refine(({ use, role }) => (use === 'admin') === (role !== null), {
    path: ['role'],
    error: 'must be given for a key of use admin, and only for one',
  })
  .refine(({ use, limits }) => use === 'rpc' || (limits.methods === null && limits.policyIds === null), {
    path: ['limits'],
    error: 'methods and policies are of keys of use rpc: the role bounds a key of use admin',
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
