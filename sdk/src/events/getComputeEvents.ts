// Reads what the market's contracts said in a range of blocks, in the order in which they said it.
import type { Client, GetLogsErrorType } from 'viem'
import { getLogs } from 'viem/actions'
import type { WithContracts } from '../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../clients/chainClientOf.ts'
import { type ComputeContractName, computeContractNames } from './computeAbis.ts'
import { type ComputeEvent, decodeComputeEvent } from './decodeComputeEvent.ts'

export type GetComputeEventsParameters<name extends ComputeContractName = ComputeContractName> =
  WithContracts & {
    /** Whose events. Default: all contracts'. */
    readonly of?: readonly name[] | undefined
    readonly fromBlock: bigint
    /** Default: the latest block. */
    readonly toBlock?: bigint | undefined
  }
export type GetComputeEventsReturnType<name extends ComputeContractName = ComputeContractName> =
  readonly ComputeEvent<name>[]
export type GetComputeEventsErrorType = GetLogsErrorType

/**
 * Returns the events of the market's contracts, decoded, oldest first; one call of the node, which may limit
 * how many blocks it looks through at once.
 *
 * @example
 * import { getComputeEvents } from '@worldland-aa/sdk/events/getComputeEvents'
 *
 * const events = await getComputeEvents(publicClient, { contracts, of: ['usageRights'], fromBlock: 1_000n })
 * const granted = events.filter(event => event.eventName === 'RightGranted')
 */
export async function getComputeEvents<const name extends ComputeContractName = ComputeContractName>(
  client: Client | SmartAccountClient,
  parameters: GetComputeEventsParameters<name>,
): Promise<GetComputeEventsReturnType<name>> {
  const { contracts, of = computeContractNames, fromBlock, toBlock = 'latest' } = parameters
  const logs = await getLogs(chainClientOf(client), {
    address: of.map(name => contracts[name]),
    fromBlock,
    toBlock,
  })
  return logs.flatMap(log => {
    const event = decodeComputeEvent({ contracts, log })
    return event === undefined ? [] : [event as ComputeEvent<name>]
  })
}
