// Candide's pm_supportedERC20Tokens: [entryPoint] → the tokens that gas can be paid in, with their rates, and what its
// client (abstractionkit) puts in place of signed fields while it estimates.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import { getAbiItem, type Hex, numberToHex, toEventSelector } from 'viem'
import type { PaymasterGas } from '../pricing/maxCost.ts'
import type { TokenQuotes } from '../pricing/tokens/tokenQuotes.ts'
import { stubPaymasterData } from '../signing/stubData.ts'
import type { ContractFacts } from '../treasury/contractFacts.ts'
import { parseParameters, type WireSchemas } from './parameters.ts'
import { paymasterFields } from './paymasterFields.ts'

/** Told for every operation, with its paymaster. */
const userOperationEventTopic = toEventSelector(
  getAbiItem({ abi: entryPoint07Abi, name: 'UserOperationEvent' }),
)
/** As long as any, without a zero byte. */
const somePolicyId: Hex = `0x${'ff'.repeat(16)}`

export function pm_supportedERC20Tokens(options: {
  quotes: TokenQuotes
  facts: Pick<ContractFacts, 'paymaster' | 'token'>
  /** Enough in every mode. */
  mostGas: PaymasterGas
  schemas: WireSchemas
}): RpcMethod {
  const { quotes, facts, mostGas, schemas } = options
  const { paymaster, token } = facts
  // The sponsor's, since it holds for whoever estimates: no allowance, balance or tank is asked for.
  const paymasterData = stubPaymasterData({
    mode: 'sponsor',
    policyId: somePolicyId,
    validAfter: 0,
    validUntil: 0,
  })
  return params => {
    const parsed = parseParameters(params, { entryPoint: schemas.entryPoint })
    if (!parsed.ok) return parsed
    return accept({
      paymasterMetadata: {
        name: 'ComputePaymaster',
        description: `Sponsors operations, or takes their gas in ${token.symbol}`,
        icons: [],
        address: paymaster,
        sponsoredEventTopic: userOperationEventTopic,
        dummyPaymasterAndData: paymasterFields({ paymaster, paymasterData, ...mostGas }),
      },
      // Without a price there is no rate to tell.
      tokens: quotes.supported().flatMap(({ name, symbol, address, decimals }) => {
        const quote = quotes.quote(address)
        if (!quote?.ok) return []
        return [{ name, symbol, address, decimals, exchangeRate: numberToHex(quote.value.exchangeRate) }]
      }),
    })
  }
}
