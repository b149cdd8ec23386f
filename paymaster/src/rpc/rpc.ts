// The door: every method that is served, under its wire name.
import type { RpcMethods } from '@worldland-aa/service/jsonRpc/protocol'
import type { Decider } from '../policy/decision.ts'
import type { GasEstimator } from '../pricing/estimateGas.ts'
import type { TokenQuote } from '../pricing/tokenQuote.ts'
import type { Sponsorship } from '../sponsorship.ts'
import type { ContractFacts } from '../treasury/contractFacts.ts'
import { eth_chainId } from './eth_chainId.ts'
import { wireSchemas } from './parameters.ts'
import { pimlico_getSupportedTokens } from './pimlico_getSupportedTokens.ts'
import { pimlico_getTokenQuotes } from './pimlico_getTokenQuotes.ts'
import { pm_getPaymasterData } from './pm_getPaymasterData.ts'
import { pm_getPaymasterStubData } from './pm_getPaymasterStubData.ts'
import { pm_sponsorUserOperation } from './pm_sponsorUserOperation.ts'
import { pm_validateSponsorshipPolicies } from './pm_validateSponsorshipPolicies.ts'

export function createRpcMethods(options: {
  readonly facts: ContractFacts
  readonly sponsorship: Sponsorship
  readonly decider: Decider
  readonly estimateGas: GasEstimator
  readonly quote: TokenQuote
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}): RpcMethods {
  const { facts, sponsorship, decider, estimateGas, quote, now } = options
  const { chainId, entryPoint, token } = facts
  const schemas = wireSchemas({ chainId, entryPoint, token: token.address })
  return {
    pm_getPaymasterStubData: pm_getPaymasterStubData({ sponsorship, schemas }),
    pm_getPaymasterData: pm_getPaymasterData({ sponsorship, schemas }),
    pm_sponsorUserOperation: pm_sponsorUserOperation({ sponsorship, estimateGas, schemas }),
    pm_validateSponsorshipPolicies: pm_validateSponsorshipPolicies({ decider, now, schemas }),
    pimlico_getTokenQuotes: pimlico_getTokenQuotes({ quote, schemas }),
    pimlico_getSupportedTokens: pimlico_getSupportedTokens({ token }),
    eth_chainId: eth_chainId({ chainId }),
  }
}
