// The price that a URL tells under a known signer's name: {price, expires, signature}. The signature counts, not the
// host; nobody's URL is asked behind the firewall.

import { postGuarded } from '@worldland-aa/service/outgoing/postGuarded'
import type { AddressRules } from '@worldland-aa/service/outgoing/publicAddress'
import { accept, type Result } from '@worldland-aa/service/result'
import { type Address, type Hex, isAddressEqual, recoverTypedDataAddress } from 'viem'
import { z } from 'zod'
import { type PricedToken, type PriceOracle, type PriceReading, priceUnavailable } from './priceOracle.ts'
import type { PriceProblemCode, PriceSays } from './priceProblems.ts'
import { tokensPerCoin } from './ratio.ts'

const timeoutMilliseconds = 3_000
const mostAnswerBytes = 4_096

/** Tokens for one coin. */
const answerSchema = z.object({
  price: z.string().regex(/^\d{1,40}(\.\d{1,36})?$/),
  /** Seconds since the Unix epoch. */
  expires: z.int().positive(),
  signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/),
})

/** What the signer puts its name to (EIP-712). */
export function tokenPriceTypedData(price: {
  readonly chainId: number
  readonly token: Address
  readonly price: string
  readonly expires: number
}) {
  const { chainId, token, price: tokensForACoin, expires } = price
  return {
    domain: { name: 'TokenPrice', version: '1', chainId },
    types: {
      TokenPrice: [
        { name: 'token', type: 'address' },
        { name: 'price', type: 'string' },
        { name: 'expires', type: 'uint64' },
      ],
    },
    primaryType: 'TokenPrice',
    message: { token, price: tokensForACoin, expires: BigInt(expires) },
  } as const
}

export function createSignedUrl(options: {
  readonly chainId: number
  readonly token: PricedToken
  readonly url: string
  readonly signer: Address
  readonly maxAgeSeconds: number
  readonly rules: AddressRules
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}): PriceOracle {
  const { chainId, token, url, signer, maxAgeSeconds, rules, now } = options
  const none = (code: PriceProblemCode, values: PriceSays['values'] = {}) =>
    priceUnavailable(code, { symbol: token.symbol, ...values })

  async function judge(text: string): Promise<Result<PriceReading>> {
    const parsed = answerSchema.safeParse(parseJson(text))
    if (!parsed.success) return none('urlAnswersOther')
    const { price, expires, signature } = parsed.data
    const nowSeconds = now()
    if (expires <= nowSeconds) return none('urlExpired')
    if (expires > nowSeconds + maxAgeSeconds) {
      return none('urlTooLong', { most: String(maxAgeSeconds) })
    }
    const signed = tokenPriceTypedData({ chainId, token: token.address, price, expires })
    const author = await recoverTypedDataAddress({ ...signed, signature: signature as Hex }).catch(
      () => undefined,
    )
    if (author === undefined || !isAddressEqual(author, signer)) return none('urlUnsigned', { signer })
    const [whole = '0', fraction = ''] = price.split('.')
    const answer = BigInt(whole + fraction)
    if (answer === 0n) return none('urlZero')
    const ratio = tokensPerCoin(answer, fraction.length, token.decimals)
    // What is signed says until when it holds, not since when.
    return accept({ ratio, updatedAtSeconds: nowSeconds, expiresAtSeconds: expires })
  }

  return {
    kind: 'signedUrl',
    maxAgeSeconds,
    async read() {
      const answer = await postGuarded({
        url,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ chainId, token: token.address }),
        timeoutMilliseconds,
        mostAnswerBytes,
        rules,
      })
      if (!answer.ok) return none('urlSilent', { why: answer.refusal.message })
      const { status, text, isCut } = answer.value
      if (status !== 200) return none('urlStatus', { status: String(status) })
      if (isCut) return none('urlTooMuch', { most: String(mostAnswerBytes) })
      return await judge(text)
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
