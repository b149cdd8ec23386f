// What a landed user operation cost its sender in the compute token, out of its wallet or its gas tank.
import { parseEventLogs } from 'viem'
import type { UserOperationReceipt } from 'viem/account-abstraction'
import * as computePaymaster from '../../abi/computePaymaster.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'

export type GetGasChargeParameters = WithContracts & {
  readonly receipt: Pick<UserOperationReceipt, 'userOpHash' | 'receipt'>
}
/** Token wei, markup included; undefined when the operation was not paid in the token. */
export type GetGasChargeReturnType = bigint | undefined

/**
 * Reads, out of a user operation's receipt, what its gas cost in the compute token.
 *
 * @example
 * import { getGasCharge } from '@worldland-aa/sdk/actions/operation/getGasCharge'
 * import { waitForRental } from '@worldland-aa/sdk/actions/lease/waitForRental'
 *
 * const { receipt } = await waitForRental(smartAccountClient, { contracts, hash })
 * const chargeWei = getGasCharge({ contracts, receipt })
 */
export function getGasCharge(parameters: GetGasChargeParameters): GetGasChargeReturnType {
  const { contracts, receipt } = parameters
  // The whole transaction's logs: some bundlers leave the paymaster's out of the operation's own.
  const charged = parseEventLogs({
    abi: [computePaymaster.TokenCharged, computePaymaster.TankCharged],
    eventName: ['TokenCharged', 'TankCharged'],
    logs: receipt.receipt.logs.filter(log => log.address.toLowerCase() === contracts.paymaster.toLowerCase()),
  }).find(event => event.args.userOpHash === receipt.userOpHash)
  return charged?.args.chargeWei
}
