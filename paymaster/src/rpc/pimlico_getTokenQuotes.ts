// Pimlico's pimlico_getTokenQuotes: [{tokens}, entryPoint, chainId] → what gas costs in those of the
// tokens that are accepted; others are left out.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import { numberToHex } from 'viem'
import type { TokenQuote } from '../pricing/tokenQuote.ts'
import { parseParameters, type WireSchemas } from './parameters.ts'

export function pimlico_getTokenQuotes(options: { quote: TokenQuote; schemas: WireSchemas }): RpcMethod {
  const { tokens, entryPoint, chainId } = options.schemas
  return params => {
    const parsed = parseParameters(params, { tokens, entryPoint, chainId })
    if (!parsed.ok) return parsed
    const { quote } = options
    if (!parsed.value.tokens.tokens.includes(quote.token)) return accept({ quotes: [] })
    const { balanceSlot, allowanceSlot } = quote
    return accept({
      quotes: [
        {
          paymaster: quote.paymaster,
          token: quote.token,
          postOpGas: numberToHex(quote.postOpGas),
          exchangeRate: numberToHex(quote.exchangeRate),
          exchangeRateNativeToUsd: numberToHex(quote.exchangeRateNativeToUsd),
          ...(balanceSlot === undefined ? {} : { balanceSlot: numberToHex(balanceSlot) }),
          ...(allowanceSlot === undefined ? {} : { allowanceSlot: numberToHex(allowanceSlot) }),
        },
      ],
    })
  }
}
