// Turns native coin into compute tokens, one to one: how renters and providers alike come to tokens.
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

type Wrapping = {
  /** Native wei, and as many token wei. */
  readonly amountWei: bigint
  /** Who receives the tokens. Default: who sends. */
  readonly to?: Address | undefined
}
/** What concerns gas and nonce is a smart account's alone. */
export type WrapCoinParameters = BatchParameters & Wrapping
/** For `waitForCalls`. */
export type WrapCoinReturnType = SendCallsReturnType
export type WrapCoinErrorType = SendCallsErrorType

/**
 * Wraps native coin of the sender, a smart account or an ordinary key, into as many compute tokens. No fee but gas,
 * and `unwrapCoin` gives it back at any time.
 *
 * @example
 * import { waitForCalls } from '@worldland-aa/sdk/account/waitForCalls'
 * import { wrapCoin } from '@worldland-aa/sdk/actions/token/wrapCoin'
 * import { parseEther } from 'viem'
 *
 * await waitForCalls(client, await wrapCoin(client, { contracts, amountWei: parseEther('1') }))
 */
export async function wrapCoin(
  client: AccountClient,
  parameters: WrapCoinParameters,
): Promise<WrapCoinReturnType> {
  return await sendCalls(client, { ...parameters, calls: wrapCoin.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
wrapCoin.calls = ({ contracts, amountWei, to }: WithContracts & Wrapping): readonly Call[] => {
  const deposit =
    to === undefined
      ? toCall(contracts.token, { abi: [computeToken.deposit], functionName: 'deposit', args: [] })
      : toCall(contracts.token, { abi: [computeToken.depositTo], functionName: 'depositTo', args: [to] })
  return [{ ...deposit, value: amountWei }]
}
