// Reads the header by which a holder of a right shows who asks. Strangers write it: all of it is bounded before it is
// decoded, and whatever does not fit is told in a sentence.
import type { AccessStatement } from '@worldland-aa/sdk/serving/accessStatement'
import { type Address, getAddress, type Hex } from 'viem'
import { z } from 'zod'
import type { Outcome } from '../outcome.ts'

export type SignedStatement = { readonly statement: AccessStatement; readonly signature: Hex }

/** As long as a header may be; a passkey's signature takes some 700 bytes of it. */
const mostHeaderCharacters = 12_000
/** Of a uint256: a model's number is a hash. */
const mostDigits = 78
const beyond = 2n ** 256n

const whole = z
  .string()
  .regex(/^(0|[1-9][0-9]*)$/)
  .max(mostDigits)
  .transform(BigInt)
  .refine(number => number < beyond)
const schema = z.strictObject({
  agreementId: whole,
  user: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/)
    .transform(text => getAddress(text.toLowerCase()) as Address),
  // What is shown in a wallet and perhaps in a log: no control characters.
  purpose: z.string().regex(/^[\x20-\x7e]{1,1100}$/),
  key: z.string().regex(/^0x[0-9a-fA-F]{64}$/),
  origin: z.string().max(300),
  issuedAt: whole,
  signature: z.string().regex(/^0x([0-9a-fA-F]{2}){1,4096}$/),
})

export function readStatementHeader(header: string | null): Outcome<SignedStatement, string> {
  if (header === null) return refused('There is no header Authorization')
  if (header.length > mostHeaderCharacters) {
    return refused(`The header Authorization is longer than ${mostHeaderCharacters} characters`)
  }
  const encoded = /^Worldland ([A-Za-z0-9_-]+)$/i.exec(header)?.[1]
  if (encoded === undefined) {
    return refused('The header Authorization is not "Worldland" and a signed statement in base64url')
  }
  const read = schema.safeParse(parse(Buffer.from(encoded, 'base64url').toString('utf8')))
  if (!read.success) {
    const issue = read.error.issues[0]
    const where = issue?.path.length ? `its field ${issue.path.join('.')}` : 'it'
    return refused(`The header Authorization holds no signed statement: ${where} is wrong or missing`)
  }
  const { signature, key, ...statement } = read.data
  return { ok: true, value: { statement: { ...statement, key: key as Hex }, signature: signature as Hex } }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function refused(problem: string): Outcome<never, string> {
  const remedy = 'sign one by signAccessStatement of @worldland-aa/sdk'
  return { ok: false, refusal: `${problem}: ${remedy}` }
}
