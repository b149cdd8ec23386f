// The wire form of what callers send, each field with the words that mend it. Tolerant of what unmodified
// clients send along (stub signatures, paymaster fields, eip7702Auth, null), strict about what counts.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { type Address, getAddress, type Hex } from 'viem'
import { z } from 'zod'
import type { RequestedOperation } from '../requestedOperation.ts'

export const address = z
  .string('must be an address: 0x and 40 hex digits')
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address: 0x and 40 hex digits')
  .transform(value => getAddress(value.toLowerCase()))

const bytes = z
  .string('must be bytes: 0x and an even number of hex digits')
  .regex(/^0x(?:[0-9a-fA-F]{2})*$/, 'must be bytes: 0x and an even number of hex digits')
  .transform(value => value.toLowerCase() as Hex)

const quantity = (maxDigits: number) => {
  const expected = `must be a quantity: 0x and 1 to ${maxDigits} hex digits`
  return z
    .string(expected)
    .regex(new RegExp(`^0x[0-9a-fA-F]{1,${maxDigits}}$`), expected)
    .transform(BigInt)
}
/** EntryPoint packs gas and fees into 128 bits. */
const gas = quantity(32).nullish()

/** As clients that keep the packed form say that there is none. */
const none = z.literal('0x').transform(() => undefined)
const factory = z.union([none, address]).nullish()
const paymasterGas = z.union([none, quantity(32)]).nullish()

const userOperation = z
  .looseObject(
    {
      sender: address,
      nonce: quantity(64),
      factory,
      factoryData: bytes.nullish(),
      callData: bytes,
      callGasLimit: gas,
      verificationGasLimit: gas,
      preVerificationGas: gas,
      maxFeePerGas: gas,
      maxPriorityFeePerGas: gas,
      paymasterVerificationGasLimit: paymasterGas,
      paymasterPostOpGasLimit: paymasterGas,
      signature: bytes.nullish(),
    },
    'must be a user operation object',
  )
  .superRefine((value, context) => {
    const issue = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message })
    if (typeof value.initCode === 'string' && value.initCode !== '0x') {
      issue('initCode', 'is a field of EntryPoint v0.6: give factory and factoryData')
    }
    if (!value.factory && (value.factoryData ?? '0x') !== '0x') {
      issue('factoryData', 'is given without factory: give both or neither')
    }
    if ((value.maxPriorityFeePerGas ?? 0n) > (value.maxFeePerGas ?? 0n)) {
      issue('maxPriorityFeePerGas', 'must not be above maxFeePerGas')
    }
    const known = (value.verificationGasLimit ?? 0n) > 0n && (value.preVerificationGas ?? 0n) > 0n
    if (known && value.maxFeePerGas == null) {
      issue('maxFeePerGas', 'must be given with the gas limits: it is signed over')
    }
  })
  .transform(toRequestedOperation)

function toRequestedOperation(wire: {
  sender: Address
  nonce: bigint
  factory?: Address | null | undefined
  factoryData?: Hex | null | undefined
  callData: Hex
  callGasLimit?: bigint | null | undefined
  verificationGasLimit?: bigint | null | undefined
  preVerificationGas?: bigint | null | undefined
  maxFeePerGas?: bigint | null | undefined
  maxPriorityFeePerGas?: bigint | null | undefined
  paymasterVerificationGasLimit?: bigint | null | undefined
  paymasterPostOpGasLimit?: bigint | null | undefined
  signature?: Hex | null | undefined
}): RequestedOperation {
  return {
    sender: wire.sender,
    nonce: wire.nonce,
    ...(wire.factory ? { factory: wire.factory, factoryData: wire.factoryData ?? '0x' } : {}),
    callData: wire.callData,
    callGasLimit: wire.callGasLimit ?? 0n,
    verificationGasLimit: wire.verificationGasLimit ?? 0n,
    preVerificationGas: wire.preVerificationGas ?? 0n,
    maxFeePerGas: wire.maxFeePerGas ?? 0n,
    maxPriorityFeePerGas: wire.maxPriorityFeePerGas ?? 0n,
    ...(wire.paymasterVerificationGasLimit == null
      ? {}
      : { paymasterVerificationGasLimit: wire.paymasterVerificationGasLimit }),
    ...(wire.paymasterPostOpGasLimit == null
      ? {}
      : { paymasterPostOpGasLimit: wire.paymasterPostOpGasLimit }),
    ...(wire.signature == null ? {} : { signature: wire.signature }),
  }
}

/** Unknown fields are the caller's own affair (metadata). */
const context = z
  .looseObject(
    {
      token: address.nullish(),
      /** The same, as Base Account wallets name it. */
      erc20: address.nullish(),
      /** Out of the sender's prepaid gas tank. */
      tank: z.boolean('must be true or false').nullish(),
      sponsorshipPolicyId: z
        .string('must be text')
        .min(1, 'must not be empty')
        .max(64, 'is too long')
        .nullish(),
      validForSeconds: z.int('must be a whole number of seconds').min(1, 'must be at least 1').nullish(),
    },
    'must be an object such as {"token": "0x…"}, {"tank": true} or {"sponsorshipPolicyId": "…"}',
  )
  .refine(({ token, erc20 }) => !(token && erc20) || token === erc20, {
    error: 'names two tokens, by token and by erc20: give one of them',
  })
  .transform(({ erc20, ...value }) => ({ ...value, token: value.token ?? erc20 }))
  .refine(value => !(value.token && value.sponsorshipPolicyId), {
    error: 'names a token and a sponsorshipPolicyId: give one of them',
  })
  .refine(value => !(value.tank && value.sponsorshipPolicyId), {
    error: 'asks for the tank and names a sponsorshipPolicyId: give one of them',
  })
  .nullish()

/** `token` is the compute token; another one stands in `erc20`. */
export type PaymentContext =
  | (NonNullable<z.output<typeof context>> & { readonly erc20?: Address })
  | null
  | undefined

export type Served = {
  readonly chainId: number
  readonly entryPoint: Address
  readonly token: Address
  /** Other tokens that gas is taken in now. */
  readonly otherTokens: () => readonly Address[]
}

export function wireSchemas(served: Served) {
  const tokens = (): readonly Address[] => [served.token, ...served.otherTokens()]
  return {
    userOperation,
    address,
    entryPoint: address.refine(value => value === served.entryPoint, {
      error: `is not served here: this paymaster serves ${served.entryPoint} (EntryPoint v0.7)`,
    }),
    chainId: quantity(16).refine(value => value === BigInt(served.chainId), {
      error: `is another chain than this paymaster's, 0x${served.chainId.toString(16)}`,
    }),
    context: context
      .refine(value => value?.token == null || tokens().includes(value.token), {
        path: ['token'],
        error: () => `is not accepted here: gas is paid in ${tokens().join(', ')}`,
      })
      .transform((value): PaymentContext => {
        if (value?.token == null || value.token === served.token) return value
        return { ...value, token: undefined, erc20: value.token }
      }),
    /** Of whoever asks before it has chosen. */
    anyContext: z.looseObject({}, 'must be an object').nullish(),
    policyIds: z.array(z.string('must be text').max(64, 'is too long')).max(100, 'names too many policies'),
    tokens: z.looseObject({ tokens: z.array(address, 'must be a list of addresses').max(100) }),
  }
}

export type WireSchemas = ReturnType<typeof wireSchemas>

/** The parameters by name, in order; absent ones are read as null. A refusal names parameter and field. */
export function parseParameters<const Shape extends Readonly<Record<string, z.ZodType>>>(
  params: readonly unknown[],
  shape: Shape,
): Result<{ [Name in keyof Shape]: z.output<Shape[Name]> }> {
  const names = Object.keys(shape)
  if (params.length > names.length) {
    return invalid('params', `holds ${params.length} values; the parameters are [${names.join(', ')}]`)
  }
  const values: Record<string, unknown> = {}
  for (const [index, name] of names.entries()) {
    const parsed = (shape[name] as z.ZodType).safeParse(params[index] ?? null)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      const field = [name, ...(issue?.path ?? [])].join('.')
      return invalid(field, params[index] === undefined ? 'is missing' : (issue?.message ?? 'is malformed'))
    }
    values[name] = parsed.data
  }
  return accept(values as { [Name in keyof Shape]: z.output<Shape[Name]> })
}

export function invalid(field: string, problem: string): Result<never> {
  return refuse({
    code: rejectionCode.invalidFields,
    message: `Invalid params: ${field} ${problem}`,
    data: { field },
  })
}

/** An operation that somebody pasted, as a caller sends it. */
export function readUserOperation(pasted: unknown): Result<RequestedOperation> {
  const parsed = parseParameters([pasted], { operation: userOperation })
  return parsed.ok ? accept(parsed.value.operation) : parsed
}
