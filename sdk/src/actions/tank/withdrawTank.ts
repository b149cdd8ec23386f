// Takes tokens out of the sender's gas tank.
import type { Address } from 'viem'
import * as computePaymaster from '../../abi/computePaymaster.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
  senderOf,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'

export type WithdrawTankParameters = BatchParameters & {
  /** Who receives the tokens. Default: the sender. */
  readonly to?: Address | undefined
  /** Token wei; `getTank` says how many there are. Paid from the tank, the operation itself needs some of them. */
  readonly amountWei: bigint
}
/** The user operation's hash. */
export type WithdrawTankReturnType = BatchReturnType
export type WithdrawTankErrorType = BatchErrorType

/**
 * Withdraws from the sender's gas tank; nobody else can.
 *
 * @example
 * import { getTank } from '@worldland-aa/sdk/actions/tank/getTank'
 * import { withdrawTank } from '@worldland-aa/sdk/actions/tank/withdrawTank'
 *
 * const { balanceWei } = await getTank(smartAccountClient, { contracts, holder: account.address })
 * const hash = await withdrawTank(smartAccountClient, { contracts, amountWei: balanceWei })
 */
export async function withdrawTank(
  client: SmartAccountClient,
  parameters: WithdrawTankParameters,
): Promise<WithdrawTankReturnType> {
  const { contracts, amountWei, to = senderOf(client, parameters).address } = parameters
  return await sendBatch(client, {
    ...parameters,
    calls: withdrawTank.calls({ contracts, to, amountWei }),
  })
}

/** The calls alone, for a batch of one's own. */
withdrawTank.calls = (
  parameters: WithContracts & { readonly to: Address; readonly amountWei: bigint },
): readonly Call[] => {
  const { contracts, to, amountWei } = parameters
  return [
    toCall(contracts.paymaster, {
      abi: [computePaymaster.withdrawTank],
      functionName: 'withdrawTank',
      args: [to, amountWei],
    }),
  ]
}
