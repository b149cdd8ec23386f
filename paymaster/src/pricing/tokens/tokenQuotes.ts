// What every token that gas can be paid in costs, as clients ask for it: the compute token at par, others at what their
// sources say now. A quote names its spread; a token without a price has none, and the reason.
import { accept, type Result } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import type { ContractFacts, TokenFacts } from '../../treasury/contractFacts.ts'
import { roundingBps } from '../oracles/ratio.ts'
import { leastRefundGas } from '../paymasterGas.ts'
import type { Pricing } from '../pricing.ts'
import { chargeWei } from '../tokenPrice.ts'
import type { TokenQuote } from '../tokenQuote.ts'
import type { TokenOffer, Tokens } from './tokens.ts'

export type Spread = {
  /** Units for 1e18 native wei as the sources say, before the markup. */
  readonly oracleRate: bigint
  readonly markupBps: number
  readonly roundingBps: number
  /** Null for the compute token, whose price is no matter of time. */
  readonly updatedAtSeconds: number | null
  readonly ageSeconds: number | null
  readonly sources: readonly string[]
}

export type SpreadQuote = TokenQuote & { readonly decimals: number; readonly spread: Spread }

export type TokenQuotes = {
  /** The compute token first. */
  supported(): readonly TokenFacts[]
  /** Undefined where the token is not taken. */
  quote(token: Address): Result<SpreadQuote> | undefined
}

export function createTokenQuotes(options: {
  readonly facts: ContractFacts
  readonly pricing: Pick<Pricing, 'quote' | 'markupBps'>
  readonly tokens: Pick<Tokens, 'accepted' | 'offer'>
  readonly now: () => number
  readonly nativeMicroUsd: bigint
}): TokenQuotes {
  const { facts, pricing, tokens, now, nativeMicroUsd } = options
  const { quote: ofComputeToken, markupBps } = pricing
  const atPar: SpreadQuote = {
    ...ofComputeToken,
    decimals: facts.token.decimals,
    spread: {
      oracleRate: 10n ** 18n,
      markupBps,
      roundingBps: 0,
      updatedAtSeconds: null,
      ageSeconds: null,
      sources: ['par'],
    },
  }

  function quoteOf({ token, price }: TokenOffer): SpreadQuote {
    const { settings } = token
    return {
      paymaster: facts.paymaster,
      token: token.address,
      decimals: token.decimals,
      // Covers what a price may rise until the operation is signed for, beside the gas of postOp.
      postOpGas: facts.postOpGas.erc20.minimum + BigInt(settings.refundGas - leastRefundGas),
      exchangeRate: chargeWei(price.rate, settings.markupBps),
      exchangeRateNativeToUsd: nativeMicroUsd,
      ...token.slots,
      spread: {
        oracleRate: price.rate,
        markupBps: settings.markupBps,
        roundingBps: roundingBps(price.ratio),
        updatedAtSeconds: price.updatedAtSeconds,
        ageSeconds: Math.max(0, now() - price.updatedAtSeconds),
        sources: settings.sources.map(({ kind }) => kind),
      },
    }
  }

  return {
    supported: () => [facts.token, ...tokens.accepted()],
    quote(token) {
      if (token === facts.token.address) return accept(atPar)
      if (!tokens.accepted().some(({ address }) => address === token)) return undefined
      const offered = tokens.offer(token)
      return offered.ok ? accept(quoteOf(offered.value)) : offered
    },
  }
}
