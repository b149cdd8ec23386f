// Base Account wallets' pm_getAcceptedPaymentTokens: [entryPoint, chainId, context?] → the tokens that gas can be paid in.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import type { TokenQuotes } from '../pricing/tokens/tokenQuotes.ts'
import { parseParameters, type WireSchemas } from './parameters.ts'

export function pm_getAcceptedPaymentTokens(options: {
  readonly quotes: Pick<TokenQuotes, 'supported'>
  readonly schemas: WireSchemas
}): RpcMethod {
  const { entryPoint, chainId, anyContext } = options.schemas
  return params => {
    const parsed = parseParameters(params, { entryPoint, chainId, context: anyContext })
    if (!parsed.ok) return parsed
    const tokens = options.quotes.supported()
    return accept({
      acceptedTokens: tokens.map(({ name, address, decimals }) => ({ name, address, decimals })),
    })
  }
}
