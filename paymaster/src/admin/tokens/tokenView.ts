// A token as the console sees it: settings, price and where it comes from, why it is not quoted, what it brought in.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import type { Refusal, Result } from '@worldland-aa/service/result'
import type { Address, PublicClient } from 'viem'
import type { ComputeCharges } from '../../decisions/computeCharges.ts'
import type { PriceReading } from '../../pricing/oracles/priceOracle.ts'
import type { PriceSays } from '../../pricing/oracles/priceProblems.ts'
import { deviationBps, rateOf, roundingBps, toDecimalText } from '../../pricing/oracles/ratio.ts'
import { chargeWei } from '../../pricing/tokenPrice.ts'
import type { PriceView } from '../../pricing/tokens/priceKeeper.ts'
import type { AcceptedToken } from '../../pricing/tokens/tokenBook.ts'
import type { Tokens } from '../../pricing/tokens/tokens.ts'
import type { TokenFacts } from '../../treasury/contractFacts.ts'
import type { PriceProblem, Token, TokenPrice } from './schema.ts'

export type TokenViewer = {
  computeToken(): Promise<Token>
  token(token: AcceptedToken): Promise<Token>
}

export type TokenViewOptions = {
  readonly client: PublicClient
  readonly paymaster: Address
  readonly computeToken: TokenFacts
  readonly markupBps: number
  readonly tokens: Tokens
  readonly computeCharges: () => Promise<ComputeCharges>
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}

export function createTokenViewer(options: TokenViewOptions): TokenViewer {
  const { client, paymaster, computeToken, markupBps, tokens, now } = options
  const contract = { address: paymaster, abi: computePaymasterAbi } as const

  /** Of the chain; null where the node does not say, which a list must not fail for. */
  async function read(functionName: 'erc20Revenue' | 'refundsKept', token: Address): Promise<string | null> {
    return await client.readContract({ ...contract, functionName, args: [token] }).then(String, () => null)
  }

  return {
    async computeToken() {
      const [revenueWei, charged] = await Promise.all([
        client.readContract({ ...contract, functionName: 'revenueWei' }).then(String, () => null),
        options.computeCharges(),
      ])
      return {
        ...computeToken,
        isComputeToken: true,
        settings: null,
        enabled: true,
        price: null,
        spread: { markupBps, roundingBps: 0, totalBps: markupBps },
        problem: null,
        revenue: revenueWei,
        refundsKept: null,
        charged: String(charged.chargeWei),
        operations: charged.operations,
        changedAtSeconds: null,
      }
    },
    async token(token) {
      const { address, name, symbol, decimals, settings, changedAtSeconds } = token
      const keeper = tokens.keeperOf(address)
      const offered = settings.enabled ? tokens.offer(address) : undefined
      const [revenue, refundsKept, charged] = await Promise.all([
        read('erc20Revenue', address),
        read('refundsKept', address),
        tokens.charges.charged(address),
      ])
      const view = keeper?.view()
      const rounding = view?.last === undefined ? 0 : roundingBps(view.last.ratio)
      return {
        ...{ address, name, symbol, decimals, settings, changedAtSeconds },
        isComputeToken: false,
        enabled: settings.enabled,
        price: view === undefined ? null : priceOf(view, token, now()),
        spread: {
          markupBps: settings.markupBps,
          roundingBps: rounding,
          totalBps: settings.markupBps + rounding,
        },
        problem: offered === undefined || offered.ok ? null : problemOf(offered.refusal),
        revenue,
        refundsKept,
        charged: String(charged.charge),
        operations: charged.operations,
      }
    },
  }
}

function priceOf({ last, sources }: PriceView, token: AcceptedToken, nowSeconds: number): TokenPrice | null {
  if (last === undefined) return null
  const readings = sources.map(({ reading }) => (reading.ok ? reading.value : undefined))
  const [first, second] = readings
  const mean = readings.find(reading => reading?.spot !== undefined)
  return {
    rate: String(last.rate),
    rateWithMarkup: String(chargeWei(last.rate, token.settings.markupBps)),
    tokensPerNative: toDecimalText(last.ratio, token.decimals),
    updatedAtSeconds: last.updatedAtSeconds,
    ageSeconds: Math.max(0, nowSeconds - last.updatedAtSeconds),
    sources: sources.map(({ kind, reading }) => ({ kind, ...sourceOf(reading) })),
    sourceDeviationBps: first && second ? deviationBps(second.ratio, first.ratio) : null,
    spotDeviationBps: mean?.spot === undefined ? null : deviationBps(mean.spot, mean.ratio),
  }
}

function sourceOf(reading: Result<PriceReading>) {
  if (!reading.ok)
    return {
      rate: null,
      updatedAtSeconds: null,
      problem: reading.refusal.message,
      says: saysOf(reading.refusal),
    }
  const { ratio, updatedAtSeconds } = reading.value
  return { rate: String(rateOf(ratio)), updatedAtSeconds, problem: null, says: null }
}

const priceCodes = ['priceStale', 'priceDeviates', 'priceUnavailable'] as const

/** The sentence of a refusal, apart from its remedy. */
export function problemOf(refusal: Refusal): PriceProblem {
  const { message, data } = refusal
  const { reason, hint = '' } = (data ?? {}) as { reason?: string; hint?: string }
  const code = priceCodes.find(name => name === reason) ?? 'priceUnavailable'
  const problem = hint !== '' && message.endsWith(hint) ? message.slice(0, -hint.length) : message
  return {
    code,
    message: problem.replace(/[:\s]+$/, ''),
    hint: hint || 'look at the source',
    says: saysOf(refusal),
  }
}

function saysOf({ data }: Refusal): PriceProblem['says'] {
  const { says } = (data ?? {}) as { says?: PriceSays }
  return says === undefined ? null : { code: says.code, values: { ...says.values } }
}
