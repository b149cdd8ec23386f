// Turns compute tokens back into native coin, one to one.
import type { Address } from 'viem'
import * as computeToken from '../../abi/computeToken.ts'
import { type Call, toCall } from '../../account/call.ts'
import type { BatchParameters } from '../../account/sendBatch.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../../account/sendCalls.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'

type Unwrapping = {
  /** Token wei, and as many native wei. */
  readonly amountWei: bigint
  /** Who receives the coin. Default: who sends. */
  readonly to?: Address | undefined
}
/** What concerns gas and nonce is a smart account's alone. */
export type UnwrapCoinParameters = BatchParameters & Unwrapping
/** For `waitForCalls`. */
export type UnwrapCoinReturnType = SendCallsReturnType
export type UnwrapCoinErrorType = SendCallsErrorType

/**
 * Burns compute tokens of the sender, a smart account or an ordinary key, and pays as much native coin.
 *
 * @example
 * import { waitForCalls } from '@worldland-aa/sdk/account/waitForCalls'
 * import { unwrapCoin } from '@worldland-aa/sdk/actions/token/unwrapCoin'
 * import { parseEther } from 'viem'
 *
 * await waitForCalls(client, await unwrapCoin(client, { contracts, amountWei: parseEther('1') }))
 */
export async function unwrapCoin(
  client: AccountClient,
  parameters: UnwrapCoinParameters,
): Promise<UnwrapCoinReturnType> {
  return await sendCalls(client, { ...parameters, calls: unwrapCoin.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
unwrapCoin.calls = ({ contracts, amountWei, to }: WithContracts & Unwrapping): readonly Call[] => [
  to === undefined
    ? toCall(contracts.token, { abi: [computeToken.withdraw], functionName: 'withdraw', args: [amountWei] })
    : toCall(contracts.token, {
        abi: [computeToken.withdrawTo],
        functionName: 'withdrawTo',
        args: [to, amountWei],
      }),
]
