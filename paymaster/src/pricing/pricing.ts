// The pricing stage: what an operation's gas is, what it may cost, and what that is in the token.
import type { PaymasterMode } from '@worldland-aa/sdk/protocol/paymasterData'
import type { PublicClient } from 'viem'
import type { RequestedOperation } from '../requestedOperation.ts'
import type { ContractFacts } from '../treasury/contractFacts.ts'
import { createGasEstimator, type GasEstimator } from './estimateGas.ts'
import type { LeaderTip } from './leaderTip.ts'
import type { PaymasterGas } from './maxCost.ts'
import { erc20GasOf, mostPaymasterGas, paymasterGasOf } from './paymasterGas.ts'
import { type TokenQuote, tokenQuote } from './tokenQuote.ts'
import { findTokenSlots } from './tokenSlots.ts'

export type Pricing = {
  readonly markupBps: number
  readonly gasOf: (mode: PaymasterMode, operation: RequestedOperation) => PaymasterGas
  /** Of a token other than the compute token, by what its transfer may use. */
  readonly erc20GasOf: (refundGas: number, operation: RequestedOperation) => PaymasterGas
  /** Enough in every mode, for callers that do not say which. */
  readonly mostGas: PaymasterGas
  readonly estimateGas: GasEstimator
  readonly quote: TokenQuote
}

export async function createPricing(options: {
  readonly client: PublicClient
  readonly facts: ContractFacts
  readonly leaderTip: Pick<LeaderTip, 'postOpGas'>
  readonly markupBps: number
  /** Millionths of a US dollar for one native coin; 0 for unknown. */
  readonly nativeMicroUsd: number
  readonly bundlerUrl: string | undefined
}): Promise<Pricing> {
  const { client, facts, leaderTip, markupBps, nativeMicroUsd, bundlerUrl } = options
  const { entryPoint, paymaster, token, postOpGas } = facts
  const slots = await findTokenSlots(client, token.address)
  return {
    markupBps,
    gasOf: (mode, operation) =>
      paymasterGasOf({ mode, operation, postOpGas, tipPostOpGas: leaderTip.postOpGas() }),
    erc20GasOf: (refundGas, operation) => erc20GasOf({ refundGas, operation, postOpGas }),
    mostGas: mostPaymasterGas(postOpGas),
    estimateGas: createGasEstimator({ bundlerUrl, entryPoint }),
    quote: tokenQuote({ paymaster, token: token.address, markupBps, nativeMicroUsd, postOpGas, slots }),
  }
}
