// pm_* and the token quote methods arrive at the bundler's URL (viem's `paymaster: true`) and go on
// to the paymaster as they are; the two daemons meet on JSON-RPC only.
import { type RpcMethod, rpcErrorCode } from '@worldland-aa/service/jsonRpc/protocol'
import { refuse } from '@worldland-aa/service/result'
import { askPaymaster } from '../paymaster/askPaymaster.ts'

export const paymasterMethods = [
  'pm_getPaymasterStubData',
  'pm_getPaymasterData',
  'pm_sponsorUserOperation',
  'pm_validateSponsorshipPolicies',
  'pm_getAcceptedPaymentTokens',
  'pm_supportedEntryPoints',
  'pm_chainId',
  'pm_supportedERC20Tokens',
  'pimlico_getTokenQuotes',
  'pimlico_getSupportedTokens',
] as const

export function forwardToPaymaster(method: string, paymasterUrl: string | undefined): RpcMethod {
  return async (params, { caller, credentials, signal }) => {
    if (paymasterUrl === undefined) {
      return refuse({
        code: rpcErrorCode.methodNotFound,
        message: `${method} is answered by a paymaster and this bundler has none: start it with --paymaster-url`,
      })
    }
    return await askPaymaster(paymasterUrl, method, params, { caller, credentials, signal })
  }
}
