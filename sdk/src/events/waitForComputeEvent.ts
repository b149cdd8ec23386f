// Waits until a user operation has landed and hands over the event that says what came of it: the id of what
// was opened, granted or posted, or who was paid what.
import type { ContractEventArgsFromTopics, ContractEventName, Hash, Log } from 'viem'
import type { UserOperationReceipt } from 'viem/account-abstraction'
import {
  type WaitForUserOperationErrorType,
  type WaitForUserOperationParameters,
  waitForUserOperation,
} from '../actions/operation/waitForUserOperation.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import type { SmartAccountClient } from '../clients/chainClientOf.ts'
import { ComputeError } from '../errors/computeError.ts'
import type { ComputeContractName, computeAbis } from './computeAbis.ts'
import { decodeComputeEvent } from './decodeComputeEvent.ts'

type EventName<name extends ComputeContractName> = ContractEventName<(typeof computeAbis)[name]>

export type WaitForComputeEventParameters<
  name extends ComputeContractName,
  eventName extends EventName<name>,
> = WithContracts &
  WaitForUserOperationParameters & {
    /** Whose event. */
    readonly contract: name
    readonly eventName: eventName
  }
export type WaitForComputeEventReturnType<
  name extends ComputeContractName,
  eventName extends EventName<name>,
> = {
  readonly args: ContractEventArgsFromTopics<(typeof computeAbis)[name], eventName, true>
  readonly transactionHash: Hash
  readonly receipt: UserOperationReceipt
}
export type WaitForComputeEventErrorType = WaitForUserOperationErrorType

/**
 * Waits for a user operation and returns the first event of the given name in it.
 *
 * @example
 * import { grantRight } from '@worldland-aa/sdk/actions/rights/grantRight'
 * import { waitForComputeEvent } from '@worldland-aa/sdk/events/waitForComputeEvent'
 *
 * const hash = await grantRight(smartAccountClient, { contracts, ...grant })
 * const { args } = await waitForComputeEvent(smartAccountClient, {
 *   contracts,
 *   hash,
 *   contract: 'usageRights',
 *   eventName: 'RightGranted',
 * })
 * console.log(args.rightId)
 */
export async function waitForComputeEvent<
  const name extends ComputeContractName,
  const eventName extends EventName<name>,
>(
  client: SmartAccountClient,
  parameters: WaitForComputeEventParameters<name, eventName>,
): Promise<WaitForComputeEventReturnType<name, eventName>> {
  const { contracts, contract, eventName } = parameters
  const receipt = await waitForUserOperation(client, parameters)
  const event = receipt.logs
    .map(log => decodeComputeEvent({ contracts, log: log as Log<bigint, number, false> }))
    .find(decoded => decoded?.contract === contract && decoded.eventName === eventName)
  if (event === undefined) {
    throw new ComputeError({
      problem: `User operation ${parameters.hash} brought no ${eventName}.`,
      remedy: 'Give the hash that the action returned, and the same contracts.',
    })
  }
  const { transactionHash } = receipt.receipt
  return { args: event.args, transactionHash, receipt } as WaitForComputeEventReturnType<name, eventName>
}
