// How vouchers travel over HTTP: x402 v2's headers, with a scheme of our own. Clients and providers both read it.
import type { Address, Hex } from 'viem'
import type { SignedVoucher } from '../actions/session/voucher.ts'

/** The `scheme` of x402's `accepts`. */
export const voucherSchemeName = 'worldland-voucher'

export const voucherHeaders = {
  /** x402 v2: base64 of `PaymentPayload`. */
  payment: 'PAYMENT-SIGNATURE',
  /** x402 v2: base64 of what is asked for, with a 402. */
  required: 'PAYMENT-REQUIRED',
  /** x402 v2: base64 of what was taken. */
  response: 'PAYMENT-RESPONSE',
  /** Without x402: base64 of a signed voucher. */
  voucher: 'Worldland-Voucher',
  /** Given for a voucher that was taken; stands for its signer until it expires or the right ends. */
  laneToken: 'Worldland-Lane-Token',
} as const

export function voucherNetwork(chainId: number): `eip155:${number}` {
  return `eip155:${chainId}`
}

/** A signed voucher in JSON: integers in decimal digits. */
export type WireVoucher = {
  readonly voucher: {
    readonly sessionId: string
    readonly rightId: string
    readonly cumulativeWei: string
    readonly sequence: string
    readonly units: string
    readonly receiptsRoot: Hex
  }
  readonly signer: Address
  readonly signature: Hex
}

/** How one right of one session stands with a provider. */
export type WireLane = {
  readonly sessionId: string
  readonly rightId: string
  /** What the next voucher has to say for what was asked. */
  readonly cumulativeWei: string
  readonly sequence: string
  readonly units: string
  /** The last voucher taken; nobody need believe in it but by its signature. */
  readonly last: WireVoucher | null
}

/** x402's `extra` of our scheme. */
export type VoucherTerms = {
  readonly serverlessSession: Address
  readonly usageRights: Address
  readonly provider: Address
  /** Token wei for a second of use: of the session, or, before one is named, of the first offer. */
  readonly pricePerSecondWei: string
  /** Offers whose sessions are served here: open one with `openSession`. */
  readonly offerIds: readonly string[]
  /** Seconds of use that must be covered beyond what is owed. */
  readonly reserveSeconds: number
  /**
   * 32 bytes in hex, while there is no `lane`. A client signs over them, as the voucher's receipts root, to show that it
   * signs now: it is told how its lane stands, also where its own record is behind what is redeemed. Good once, for
   * ten minutes.
   */
  readonly challenge?: Hex
  /** Absent until a voucher or a lane token says whose it is. */
  readonly lane?: WireLane
}

export type VoucherRequirements = {
  readonly scheme: string
  readonly network: string
  /** What the next voucher adds to the last one, token wei. */
  readonly amount: string
  readonly asset: string
  readonly payTo: string
  readonly maxTimeoutSeconds: number
  readonly extra: VoucherTerms
}

export type VoucherPaymentRequired = {
  readonly x402Version: 2
  readonly error: string
  readonly resource: { readonly url: string; readonly description: string; readonly mimeType: string }
  readonly accepts: readonly VoucherRequirements[]
}

export function toWireVoucher({ voucher, signer, signature }: SignedVoucher): WireVoucher {
  return {
    voucher: {
      sessionId: voucher.sessionId.toString(),
      rightId: voucher.rightId.toString(),
      cumulativeWei: voucher.cumulativeWei.toString(),
      sequence: voucher.sequence.toString(),
      units: voucher.units.toString(),
      receiptsRoot: voucher.receiptsRoot,
    },
    signer,
    signature,
  }
}

export function toBase64Json(value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value))
  // A call for each byte is most of what a request's headers cost a server.
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

/** Throws for what is no base64 of JSON. */
export function fromBase64Json(text: string): unknown {
  const decoded = atob(text)
  const bytes = new Uint8Array(decoded.length)
  for (let at = 0; at < bytes.length; at++) bytes[at] = decoded.charCodeAt(at)
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
}
