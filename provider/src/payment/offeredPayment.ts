// What a request brings to pay by: a voucher, or the token that stands for one. Bounded before anything is decoded, strict
// in every field; whether it is worth anything is judged elsewhere.

import type { SignedVoucher } from '@worldland-aa/sdk/actions/session/voucher'
import { fromBase64Json, voucherHeaders, voucherSchemeName } from '@worldland-aa/sdk/serving/voucherWire'
import { getAddress, type Hex, isAddress, zeroHash } from 'viem'
import { z } from 'zod'
import type { Outcome } from '../outcome.ts'

/** The token is there beside a voucher too: whoever has both is told of the voucher first. */
export type OfferedPayment = { readonly signed?: SignedVoucher; readonly token?: string }

const mostHeaderCharacters = 16_384
/** Passkeys sign some 600 bytes; what is longer than this costs more gas to redeem than it can be worth. */
const mostSignatureBytes = 4_096
const mostTokenCharacters = 512

/** Text all of it: what is made over while it is checked takes twice as long, at every request. */
const unsigned = (bits: bigint) =>
  z
    .string('must be text of decimal digits')
    .regex(/^(?:0|[1-9]\d{0,77})$/, { error: 'must be decimal digits', abort: true })
    .refine(text => BigInt(text) < 1n << bits, `must be below 2^${bits}`)
const hex = (bytes: number) => new RegExp(`^0x(?:[0-9a-fA-F]{2}){${bytes}}$`)

const signedVoucher = z.strictObject({
  voucher: z.strictObject({
    sessionId: unsigned(96n),
    rightId: unsigned(256n),
    cumulativeWei: unsigned(96n),
    sequence: unsigned(64n),
    units: unsigned(64n),
    receiptsRoot: z.string().regex(hex(32), 'must be 32 bytes in hex').optional(),
  }),
  signer: z.string().refine(text => isAddress(text, { strict: false }), 'must be an address'),
  signature: z
    .string()
    .max(2 + 2 * mostSignatureBytes, `must be at most ${mostSignatureBytes} bytes`)
    .regex(/^0x(?:[0-9a-fA-F]{2})+$/, 'must be bytes in hex'),
})

/** What x402 adds beside the voucher is the client's echo of what it was told: it decides nothing. */
const paymentPayload = z.object({
  x402Version: z.literal(2, 'must be 2'),
  payload: signedVoucher,
  accepted: z.object({ scheme: z.literal(voucherSchemeName, `must be ${voucherSchemeName}`) }),
})

function toSigned({ voucher, signer, signature }: z.infer<typeof signedVoucher>): SignedVoucher {
  return {
    voucher: {
      sessionId: BigInt(voucher.sessionId),
      rightId: BigInt(voucher.rightId),
      cumulativeWei: BigInt(voucher.cumulativeWei),
      sequence: BigInt(voucher.sequence),
      units: BigInt(voucher.units),
      receiptsRoot: (voucher.receiptsRoot?.toLowerCase() ?? zeroHash) as Hex,
    },
    signer: getAddress(signer),
    signature: signature as Hex,
  }
}

export function readPayment(headers: Headers): Outcome<OfferedPayment, string> {
  const token = readToken(headers)
  const offered = { ...(token !== undefined && { token }) }
  const payment = headers.get(voucherHeaders.payment)
  const plain = headers.get(voucherHeaders.voucher)
  if (payment === null && plain === null) return { ok: true, value: offered }
  const name = payment === null ? voucherHeaders.voucher : voucherHeaders.payment
  const text = payment ?? plain ?? ''
  if (text.length > mostHeaderCharacters) {
    return refuse(name, `has ${text.length} characters: at most ${mostHeaderCharacters} are read`)
  }
  let content: unknown
  try {
    content = fromBase64Json(text)
  } catch {
    return refuse(name, 'is no base64 of JSON')
  }
  const read = payment === null ? signedVoucher.safeParse(content) : paymentPayload.safeParse(content)
  if (read.success) {
    const signed = toSigned('payload' in read.data ? read.data.payload : read.data)
    return { ok: true, value: { ...offered, signed } }
  }
  const [issue] = read.error.issues
  return refuse(name, `is not as it must be: ${issue?.path.join('.') || 'it'} – ${issue?.message}`)
}

function readToken(headers: Headers): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  const token = headers.get(voucherHeaders.laneToken) ?? bearer
  return token === undefined || token.length > mostTokenCharacters ? undefined : token
}

function refuse(header: string, what: string): Outcome<never, string> {
  return { ok: false, refusal: `The header ${header} ${what}` }
}
