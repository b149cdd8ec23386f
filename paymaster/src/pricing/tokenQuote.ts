// What gas costs in the token, as clients compute an approval from it before they know who signs what.
import type { PaymasterMode } from '@worldland-aa/sdk/protocol/paymasterData'
import type { Address } from 'viem'
import type { PostOpGasBounds } from './paymasterGas.ts'
import { exchangeRate } from './tokenPrice.ts'
import type { TokenSlots } from './tokenSlots.ts'

export type TokenQuote = TokenSlots & {
  readonly paymaster: Address
  readonly token: Address
  /** Gas that a client adds to an operation's own when it computes what to approve. */
  readonly postOpGas: bigint
  /** Token wei for 1e18 native wei, markup included. */
  readonly exchangeRate: bigint
  /** Millionths of a US dollar for one native coin; 0 when the operator has set none. */
  readonly exchangeRateNativeToUsd: bigint
}

export function tokenQuote(options: {
  readonly paymaster: Address
  readonly token: Address
  readonly markupBps: number
  readonly nativeMicroUsd: number
  readonly postOpGas: Readonly<Record<PaymasterMode, PostOpGasBounds>>
  readonly slots: TokenSlots
}): TokenQuote {
  return {
    paymaster: options.paymaster,
    token: options.token,
    // A client may estimate with the cheaper mode and send with the dearer: the difference is covered.
    postOpGas: options.postOpGas.tokenDeferred.minimum,
    exchangeRate: exchangeRate(options.markupBps),
    exchangeRateNativeToUsd: BigInt(options.nativeMicroUsd),
    ...options.slots,
  }
}
