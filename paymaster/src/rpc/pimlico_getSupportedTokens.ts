// Pimlico's pimlico_getSupportedTokens: [] → the tokens that gas can be paid in.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import type { TokenFacts } from '../treasury/contractFacts.ts'

export function pimlico_getSupportedTokens({ token }: { token: TokenFacts }): RpcMethod {
  return () =>
    accept([{ token: token.address, name: token.name, symbol: token.symbol, decimals: token.decimals }])
}
