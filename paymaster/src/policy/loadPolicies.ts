// Reads the operator's policy file. Every mistake in it is told by the place where it stands.
import { readFileSync } from 'node:fs'
import { wei } from '@worldland-aa/service/config/setting'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { type Address, type Hex, isAddress, parseAbiItem, toFunctionSelector, zeroAddress } from 'viem'
import { z } from 'zod'
import { onChainPolicyId } from './policyId.ts'
import { findNonsense } from './policyNonsense.ts'
import { type AllowedFunctions, lowerCase, type Policy } from './sponsorshipPolicy.ts'

/** Shorter than a slow block takes to come, and no bundler accepts it. */
/** Nobody has paid yet for what is signed, so it is short: a client asks anew where it needs longer. */
export const validitySecondsRange = { minimum: 90, maximum: 600, fallback: 180 } as const

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address: 0x and 40 hex digits')
  .refine(value => isAddress(value), 'has a wrong checksum: copy it anew, or write it in lower case')
  .refine(value => value !== zeroAddress, 'is the zero address: give a real one')
  .transform(value => lowerCase(value as Address))
/** A contract, or the account itself. */
const callTarget = z.string('must be an address or "sender"').transform((value, context) => {
  if (value === 'sender') return value
  const parsed = address.safeParse(value)
  if (parsed.success) return parsed.data
  const message = /^0x[0-9a-fA-F]{40}$/.test(value) ? parsed.error.issues[0]?.message : undefined
  context.addIssue({ code: 'custom', message: message ?? 'must be an address or "sender"' })
  return z.NEVER
})
const amount = wei({ describe: 'an amount', group: 'policies' }).schema
const moment = z.iso
  .datetime({ offset: true, message: 'must be a time such as 2026-01-31T00:00:00Z' })
  .transform(value => Math.floor(Date.parse(value) / 1000))
const count = z.int('must be a whole number').min(1, 'must be at least 1')
const budgetWindow = z.enum(['day', 'total'], 'must be "day" or "total"').default('day')
const anyFunction = '*'
const plainTransfer = '0x'

const allowedFunction = z.string().transform((value, context): Hex | typeof anyFunction => {
  if (value === anyFunction || value === plainTransfer) return value
  if (/^0x[0-9a-fA-F]{8}$/.test(value)) return value.toLowerCase() as Hex
  try {
    const item = parseAbiItem(`function ${value}`)
    if (item.type === 'function') return toFunctionSelector(item)
  } catch {
    // answered below, as any other value that is no function
  }
  context.addIssue({
    code: 'custom',
    message: `must be a signature such as "open(uint256,address)", a 4-byte selector, "${plainTransfer}" for plain transfers or "${anyFunction}" for all, but is "${value}"`,
  })
  return z.NEVER
})

const policySchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'must be 1 to 64 lower-case letters, digits, "-" or "_"'),
  name: z.string().trim().min(1, 'must not be empty').max(80, 'is too long'),
  author: z.string().max(80).optional(),
  icon: z.string().startsWith('data:', 'must be a data URI').max(65_536).optional(),
  description: z.string().max(500).optional(),
  default: z.boolean().default(false),
  startsAt: moment.optional(),
  endsAt: moment.optional(),
  validitySeconds: z
    .int('must be a whole number')
    .min(validitySecondsRange.minimum)
    .max(validitySecondsRange.maximum)
    .default(validitySecondsRange.fallback),
  contracts: z
    .array(
      z.strictObject({
        address: callTarget,
        functions: z.array(allowedFunction).min(1, 'must name at least one function'),
      }),
    )
    .default([]),
  factories: z
    .union([z.literal('any'), z.array(address)], 'must be "any" or a list of addresses')
    .default([]),
  senders: z
    .strictObject({ allow: z.array(address).optional(), block: z.array(address).default([]) })
    .optional(),
  limits: z.strictObject({
    costPerOperationWei: amount,
    perSender: z
      .strictObject({ costWei: amount.optional(), operations: count.optional(), window: budgetWindow })
      .optional(),
    global: z.strictObject({ costWei: amount, operations: count.optional(), window: budgetWindow }),
  }),
})

const fileSchema = z.strictObject({
  policies: z.array(policySchema, 'must be a list of policies').max(1_000, 'are more than 1000'),
})
const configurationRefused = 78 // EX_CONFIG of sysexits.h

/** `endedBefore` (seconds since the Unix epoch) refuses policies that were over by then. */
export function loadPolicies(
  path: string,
  options: { readonly endedBefore?: number } = {},
): Result<readonly Policy[]> {
  const refuseFile = (problems: string) => refuse({ code: configurationRefused, message: problems })
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message
    return refuseFile(`Cannot read the policy file ${path}: ${reason}`)
  }
  const parsed = fileSchema.safeParse(content)
  if (!parsed.success) {
    return refuseFile(
      parsed.error.issues
        .map(issue => `${path}: ${placeName(issue.path) || 'the file'} ${problemOf(issue)}`)
        .join('\n'),
    )
  }
  const { policies } = parsed.data
  const ids = policies.map(policy => policy.id)
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index)
  if (repeated !== undefined) return refuseFile(`${path}: two policies have the id "${repeated}"`)
  if (policies.filter(policy => policy.default).length > 1) {
    return refuseFile(`${path}: only one policy can be the default`)
  }
  const read = policies.map(toPolicy)
  const nonsense = read.flatMap((policy, index) =>
    findNonsense(policy, options).map(
      ({ field, problem }) => `${path}: policies[${index}].${field} ${problem} (policy "${policy.id}")`,
    ),
  )
  return nonsense.length > 0 ? refuseFile(nonsense.join('\n')) : accept(read)
}

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message
  const names = issue.keys.map(key => `"${key}"`).join(', ')
  return `has no field ${names}: mend its name, or take it out`
}

function placeName(place: readonly PropertyKey[]): string {
  return place
    .map(part => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}

function toPolicy(written: z.infer<typeof policySchema>): Policy {
  const { default: isDefault, startsAt, endsAt, author, icon, description, senders, limits } = written
  return {
    id: written.id,
    onChainId: onChainPolicyId(written.id),
    name: written.name,
    ...(author === undefined ? {} : { author }),
    ...(icon === undefined ? {} : { icon }),
    ...(description === undefined ? {} : { description }),
    isDefault,
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(endsAt === undefined ? {} : { endsAt }),
    validitySeconds: written.validitySeconds,
    functions: toFunctions(written.contracts),
    factories: written.factories === 'any' ? 'any' : new Set(written.factories),
    ...(senders?.allow === undefined ? {} : { allowedSenders: new Set(senders.allow) }),
    blockedSenders: new Set(senders?.block),
    costPerOperationWei: limits.costPerOperationWei,
    ...(limits.perSender === undefined ? {} : { perSender: toBudgetLimits(limits.perSender) }),
    global: toBudgetLimits(limits.global),
  }
}

type WrittenPolicy = z.infer<typeof policySchema>

function toBudgetLimits(written: NonNullable<WrittenPolicy['limits']['perSender']>): Policy['global'] {
  return {
    ...(written.costWei === undefined ? {} : { costWei: written.costWei }),
    ...(written.operations === undefined ? {} : { operations: written.operations }),
    window: written.window,
  }
}

function toFunctions(contracts: WrittenPolicy['contracts']): Policy['functions'] {
  const functions = new Map<Address | 'sender', AllowedFunctions>()
  for (const contract of contracts) {
    const known = functions.get(contract.address)
    const selectors = contract.functions
    functions.set(
      contract.address,
      known === 'any' || selectors.includes(anyFunction)
        ? 'any'
        : new Set([...(known ?? []), ...(selectors as Hex[])]),
    )
  }
  return functions
}
