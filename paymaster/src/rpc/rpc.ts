// The door: every method that is served, under its wire name.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { RpcMethod, RpcMethods } from '@worldland-aa/service/jsonRpc/protocol'
import { type Refusal, type Result, refuse } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import { type KeyRules, keyedMethod } from '../apiKeys/keyedMethods.ts'
import type { PoliciesOfKey } from '../apiKeys/policiesOfKey.ts'
import type { Decider } from '../policy/policy.ts'
import type { Pricing } from '../pricing/pricing.ts'
import { createTokenQuotes } from '../pricing/tokens/tokenQuotes.ts'
import type { Tokens } from '../pricing/tokens/tokens.ts'
import type { Sponsorship } from '../sponsorship.ts'
import type { ContractFacts } from '../treasury/contractFacts.ts'
import { eth_chainId } from './eth_chainId.ts'
import { wireSchemas } from './parameters.ts'
import { pimlico_getSupportedTokens } from './pimlico_getSupportedTokens.ts'
import { pimlico_getTokenQuotes } from './pimlico_getTokenQuotes.ts'
import { pm_getAcceptedPaymentTokens } from './pm_getAcceptedPaymentTokens.ts'
import { pm_getPaymasterData } from './pm_getPaymasterData.ts'
import { pm_getPaymasterStubData } from './pm_getPaymasterStubData.ts'
import { pm_sponsorUserOperation } from './pm_sponsorUserOperation.ts'
import { pm_supportedEntryPoints } from './pm_supportedEntryPoints.ts'
import { pm_supportedERC20Tokens } from './pm_supportedERC20Tokens.ts'
import { pm_validateSponsorshipPolicies } from './pm_validateSponsorshipPolicies.ts'
import { createTellTokenPayment } from './tokenPayment.ts'
import { worldland_getPaymasters } from './worldland_getPaymasters.ts'

export function createRpcMethods(options: {
  readonly facts: ContractFacts
  readonly sponsorship: Sponsorship
  readonly decider: Decider
  readonly pricing: Pricing
  readonly tokens: Pick<Tokens, 'accepted' | 'offer'>
  /** Why nothing is signed for this caller at the moment. */
  readonly judgeCaller: (caller: string) => Result<never> | undefined
  readonly keys: KeyRules & { readonly policies: PoliciesOfKey }
  /** Hears whom a key, or its lack, keeps from asking for a signature. */
  readonly onRefusedByKey: (caller: string, refusal: Refusal) => void
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}): RpcMethods {
  const { facts, sponsorship, decider, pricing, judgeCaller, now } = options
  const { estimateGas } = pricing
  const { chainId, entryPoint, token } = facts
  const otherTokens = () => options.tokens.accepted().map(({ address }) => address)
  const schemas = wireSchemas({ chainId, entryPoint, token: token.address, otherTokens })
  const quotes = createTokenQuotes({ ...options, nativeMicroUsd: pricing.quote.exchangeRateNativeToUsd })
  const tellTokenPayment = createTellTokenPayment(quotes)
  const granting = { sponsorship, estimateGas, tellTokenPayment, schemas }
  const methods: RpcMethods = {
    pm_getPaymasterStubData: braked(pm_getPaymasterStubData({ sponsorship, schemas }), judgeCaller),
    pm_getPaymasterData: braked(pm_getPaymasterData(granting), judgeCaller),
    pm_sponsorUserOperation: braked(pm_sponsorUserOperation(granting), judgeCaller),
    pm_validateSponsorshipPolicies: braked(
      pm_validateSponsorshipPolicies({ decider, now, schemas, policiesOfKey: options.keys.policies }),
      judgeCaller,
    ),
    pm_getAcceptedPaymentTokens: pm_getAcceptedPaymentTokens({ quotes, schemas }),
    pm_supportedEntryPoints: pm_supportedEntryPoints({ entryPoint }),
    pm_supportedERC20Tokens: pm_supportedERC20Tokens({ quotes, facts, mostGas: pricing.mostGas, schemas }),
    pm_chainId: eth_chainId({ chainId }),
    pimlico_getTokenQuotes: pimlico_getTokenQuotes({ quotes, schemas }),
    pimlico_getSupportedTokens: pimlico_getSupportedTokens({ quotes }),
    eth_chainId: eth_chainId({ chainId }),
    worldland_getPaymasters: worldland_getPaymasters({ paymaster: facts.paymaster }),
  }
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => {
      const isSigning = signing.has(name)
      const keyed = keyedMethod(name, method, options.keys, !isSigning)
      const told = isSigning ? tellingKeys(keyed, options.onRefusedByKey) : keyed
      return [name, namingThePaymaster(told, facts.paymaster)]
    }),
  )
}

/** By which something is signed, or told what would be. */
const signing: ReadonlySet<string> = new Set([
  'pm_getPaymasterStubData',
  'pm_getPaymasterData',
  'pm_sponsorUserOperation',
  'pm_validateSponsorshipPolicies',
])

/** Before anything is read of what it asks for: whoever is blocked costs nothing. */
function braked(method: RpcMethod, judge: (caller: string) => Result<never> | undefined): RpcMethod {
  return (params, context) => {
    const { caller, address = caller } = context
    return judge(address) ?? (address === caller ? undefined : judge(caller)) ?? method(params, context)
  }
}

function tellingKeys(method: RpcMethod, tell: (caller: string, refusal: Refusal) => void): RpcMethod {
  return async (params, context) => {
    const result = await method(params, context)
    const isOfKey = !result.ok && String(reasonIn(result.refusal)).startsWith('apiKey.')
    if (isOfKey) tell(context.caller, result.refusal)
    return result
  }
}

function reasonIn({ data }: Refusal): unknown {
  return (data as { reason?: unknown } | undefined)?.reason
}

/** ERC-7769: `data` of a rejection by a paymaster names it. */
function namingThePaymaster(method: RpcMethod, paymaster: Address): RpcMethod {
  return async (params, context) => {
    const result = await method(params, context)
    if (result.ok || result.refusal.code !== rejectionCode.paymaster) return result
    return refuse({ ...result.refusal, data: { paymaster, ...(result.refusal.data as object | undefined) } })
  }
}
