// Reads what a server asks for with a 402. It is a stranger's word: every field is checked before it is used.
import { type Address, type Hex, isAddress, isHex, size } from 'viem'
import type { SignedVoucher } from '../actions/session/voucher.ts'
import { fromBase64Json, voucherHeaders, voucherSchemeName } from './voucherWire.ts'

export type AskedLane = {
  readonly sessionId: bigint
  readonly rightId: bigint
  readonly cumulativeWei: bigint
  /** What the server says was signed last: worth what its signature is worth. */
  readonly last: SignedVoucher | undefined
}

export type AskedPayment = {
  readonly network: string
  readonly amountWei: bigint
  readonly asset: string
  readonly serverlessSession: string
  readonly provider: string
  readonly pricePerSecondWei: bigint
  readonly offerIds: readonly bigint[]
  readonly reserveSeconds: number
  /** To be signed over, to show that it is done now. */
  readonly challenge: Hex | undefined
  readonly lane: AskedLane | undefined
}

const mostHeaderCharacters = 65_536

/** What our scheme is asked for by a 402; undefined where it is not. */
export function askedByResponse(response: { readonly headers: Headers }): AskedPayment | undefined {
  const header = response.headers.get(voucherHeaders.required)
  if (header === null || header.length > mostHeaderCharacters) return undefined
  try {
    const { accepts } = fromBase64Json(header) as { accepts?: unknown }
    if (!Array.isArray(accepts)) return undefined
    return accepts
      .slice(0, 32)
      .map(readVoucherRequirements)
      .find(asked => asked !== undefined)
  } catch {
    return undefined
  }
}

/** One of x402's `accepts`; undefined where it is of another scheme, or makes no sense. */
export function readVoucherRequirements(requirements: unknown): AskedPayment | undefined {
  const { scheme, network, amount, asset, extra } = recordOf(requirements)
  const terms = recordOf(extra)
  const amountWei = digits(amount)
  const pricePerSecondWei = digits(terms.pricePerSecondWei)
  const { offerIds, reserveSeconds, serverlessSession, provider } = terms
  if (scheme !== voucherSchemeName || typeof network !== 'string' || typeof asset !== 'string')
    return undefined
  if (amountWei === undefined || pricePerSecondWei === undefined) return undefined
  if (typeof serverlessSession !== 'string' || typeof provider !== 'string') return undefined
  if (typeof reserveSeconds !== 'number' || !(reserveSeconds >= 0)) return undefined
  return {
    ...{ network, amountWei, asset, serverlessSession, provider, pricePerSecondWei, reserveSeconds },
    offerIds: (Array.isArray(offerIds) ? offerIds : []).slice(0, 1_000).flatMap(id => digits(id) ?? []),
    challenge: readWord(terms.challenge),
    lane: readLane(terms.lane),
  }
}

function readWord(word: unknown): Hex | undefined {
  return isHex(word) && size(word) === 32 ? word : undefined
}

function readLane(lane: unknown): AskedLane | undefined {
  const { sessionId, rightId, cumulativeWei, last } = recordOf(lane)
  const [session, right, wei] = [digits(sessionId), digits(rightId), digits(cumulativeWei)]
  if (session === undefined || right === undefined || wei === undefined) return undefined
  return { sessionId: session, rightId: right, cumulativeWei: wei, last: readSigned(last) }
}

function readSigned(signed: unknown): SignedVoucher | undefined {
  const { voucher, signer, signature } = recordOf(signed)
  const fields = recordOf(voucher)
  const sessionId = digits(fields.sessionId)
  const rightId = digits(fields.rightId)
  const cumulativeWei = digits(fields.cumulativeWei)
  const sequence = digits(fields.sequence)
  const units = digits(fields.units)
  const { receiptsRoot } = fields
  if (sessionId === undefined || rightId === undefined || cumulativeWei === undefined) return undefined
  if (sequence === undefined || units === undefined || !isHex(receiptsRoot) || !isHex(signature))
    return undefined
  if (typeof signer !== 'string' || !isAddress(signer, { strict: false })) return undefined
  return {
    voucher: { sessionId, rightId, cumulativeWei, sequence, units, receiptsRoot },
    signer: signer as Address,
    signature: signature as Hex,
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function digits(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^\d{1,78}$/.test(value) ? BigInt(value) : undefined
}
