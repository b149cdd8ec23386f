// Pimlico's pimlico_getSupportedTokens: [] → the tokens that gas can be paid in.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import type { TokenQuotes } from '../pricing/tokens/tokenQuotes.ts'

export function pimlico_getSupportedTokens({ quotes }: { quotes: TokenQuotes }): RpcMethod {
  return () =>
    accept(
      quotes
        .supported()
        .map(({ address, name, symbol, decimals }) => ({ token: address, name, symbol, decimals })),
    )
}
