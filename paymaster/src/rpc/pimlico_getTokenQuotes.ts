// Pimlico's pimlico_getTokenQuotes: [{tokens}, entryPoint, chainId] → what gas costs in those of the tokens that are
// accepted, with the spread; others are left out. Where a price is stale or deviates and there is nothing else to tell,
// that is the answer.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import { numberToHex } from 'viem'
import type { SpreadQuote, TokenQuotes } from '../pricing/tokens/tokenQuotes.ts'
import { parseParameters, type WireSchemas } from './parameters.ts'

export function pimlico_getTokenQuotes(options: { quotes: TokenQuotes; schemas: WireSchemas }): RpcMethod {
  const { tokens, entryPoint, chainId } = options.schemas
  return params => {
    const parsed = parseParameters(params, { tokens, entryPoint, chainId })
    if (!parsed.ok) return parsed
    const asked = [...new Set(parsed.value.tokens.tokens)].map(token => options.quotes.quote(token))
    const told = asked.flatMap(quote => (quote?.ok ? [toWire(quote.value)] : []))
    const refused = asked.find(quote => quote !== undefined && !quote.ok)
    return told.length === 0 && refused !== undefined ? refused : accept({ quotes: told })
  }
}

function toWire(quote: SpreadQuote) {
  const { balanceSlot, allowanceSlot, spread } = quote
  return {
    paymaster: quote.paymaster,
    token: quote.token,
    decimals: quote.decimals,
    postOpGas: numberToHex(quote.postOpGas),
    exchangeRate: numberToHex(quote.exchangeRate),
    exchangeRateNativeToUsd: numberToHex(quote.exchangeRateNativeToUsd),
    ...(balanceSlot === undefined ? {} : { balanceSlot: numberToHex(balanceSlot) }),
    ...(allowanceSlot === undefined ? {} : { allowanceSlot: numberToHex(allowanceSlot) }),
    spread: { ...spread, oracleRate: numberToHex(spread.oracleRate) },
  }
}
