// One setting: what it is called, what it takes, what it means. A daemon's settings are a record of
// these; flags, environment variables, the file and --help all follow from that one record.
import { z } from 'zod'

export type Setting<Value = unknown> = {
  readonly describe: string
  /** Heading in --help. */
  readonly group: string
  /** Takes the text of a flag or variable, or the JSON value of the file. */
  readonly schema: z.ZodType<Value>
  /** Shown in --help after the flag: `<url>`, `<seconds>`; absent for a switch. */
  readonly placeholder?: string
  /** Undefined means: required, unless the schema is optional. */
  readonly fallback?: Value
  /** True for keys: taken from a file or the environment only, never from a flag (`ps` shows flags). */
  readonly secret?: boolean
}

export type Settings = Readonly<Record<string, Setting>>

export type SettingValues<All extends Settings> = {
  readonly [Name in keyof All]: All[Name] extends Setting<infer Value> ? Value : never
} & SecretFiles<All>

/** `<name>File`: where a secret was read, for who reads it anew while running; absent where it came by other ways. */
type SecretFiles<All extends Settings> = {
  readonly [Name in keyof All & string as All[Name] extends { readonly secret: true }
    ? `${Name}File`
    : never]?: string | undefined
}

type Details<Value> = Omit<Setting<Value>, 'schema'>

export function text(details: Details<string>): Setting<string> {
  return { placeholder: 'text', ...details, schema: z.string('must be text').min(1, 'must not be empty') }
}

export function optionalText(details: Details<string | undefined>): Setting<string | undefined> {
  return {
    placeholder: 'text',
    ...details,
    schema: z.string('must be text').min(1, 'must not be empty').optional(),
  }
}

export function httpUrl(details: Details<string>): Setting<string> {
  return { placeholder: 'url', ...details, schema: httpUrlSchema }
}

export function optionalHttpUrl(details: Details<string | undefined>): Setting<string | undefined> {
  return { placeholder: 'url', ...details, schema: httpUrlSchema.optional() }
}

const httpUrlSchema = z
  .string('must be text')
  .refine(
    value => /^https?:\/\//.test(value) && URL.canParse(value),
    'must be an http:// or https:// address',
  )

export function integer(details: Details<number> & { minimum: number; maximum: number }): Setting<number> {
  const { minimum, maximum, ...rest } = details
  const range = `must be a whole number from ${minimum} to ${maximum}`
  const schema = z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^-?\d+$/, range)
          .transform(Number),
      ],
      range,
    )
    .refine(value => Number.isSafeInteger(value) && value >= minimum && value <= maximum, range)
  return { placeholder: 'number', ...rest, schema: schema as z.ZodType<number> }
}

/** An amount of wei as a decimal string; `5gwei` and `0.1ether` are taken too. */
export function wei(details: Details<bigint>): Setting<bigint> {
  const expected = 'must be an amount such as 1000000000, 1gwei or 0.5ether'
  const schema = z
    .union([z.number().int().nonnegative().transform(String), z.string()], expected)
    .transform((value, context) => {
      const parsed = parseWei(value)
      if (parsed === undefined) {
        context.addIssue({ code: 'custom', message: expected })
        return z.NEVER
      }
      return parsed
    })
  return { placeholder: 'wei', ...details, schema: schema as unknown as z.ZodType<bigint> }
}

const unitDecimals: Readonly<Record<string, number>> = { '': 0, wei: 0, gwei: 9, ether: 18 }

function parseWei(value: string): bigint | undefined {
  const match = /^(\d{1,60})(?:\.(\d{1,18}))?\s*(wei|gwei|ether)?$/.exec(value.trim())
  if (!match) return undefined
  const [, whole = '0', fraction = '', unit = ''] = match
  const decimals = unitDecimals[unit] ?? 0
  if (fraction.length > decimals) return undefined
  return BigInt(whole + fraction.padEnd(decimals, '0'))
}

export function oneOf<const Choice extends string>(
  details: Details<Choice> & { choices: readonly Choice[] },
): Setting<Choice> {
  const { choices, ...rest } = details
  return {
    placeholder: choices.join('|'),
    ...rest,
    schema: z.enum(choices, `must be one of ${choices.join(', ')}`) as unknown as z.ZodType<Choice>,
  }
}

export function toggle(details: Details<boolean>): Setting<boolean> {
  const schema = z.union(
    [z.boolean(), z.enum(['true', 'false']).transform(value => value === 'true')],
    'must be true or false',
  )
  return { ...details, schema: schema as z.ZodType<boolean> }
}

const addressPattern = /^0x[0-9a-fA-F]{40}$/

export function address(details: Details<`0x${string}`>): Setting<`0x${string}`> {
  return { placeholder: 'address', ...details, schema: addressSchema as z.ZodType<`0x${string}`> }
}

export function optionalAddress(
  details: Details<`0x${string}` | undefined>,
): Setting<`0x${string}` | undefined> {
  return {
    placeholder: 'address',
    ...details,
    schema: addressSchema.optional() as z.ZodType<`0x${string}` | undefined>,
  }
}

const addressSchema = z.string().regex(addressPattern, 'must be an address: 0x and 40 hex digits')

/** Text values separated by commas, or a JSON array in the file. */
export function list<Item>(
  details: Details<readonly Item[]> & { item: z.ZodType<Item> },
): Setting<readonly Item[]> {
  const { item, ...rest } = details
  const schema = z.preprocess(
    value =>
      typeof value === 'string'
        ? value
            .split(/[\s,]+/)
            .map(part => part.trim())
            .filter(part => part !== '')
        : value,
    z.array(item, 'must be a list separated by commas'),
  )
  return { placeholder: 'list', ...rest, schema: schema as z.ZodType<readonly Item[]> }
}
