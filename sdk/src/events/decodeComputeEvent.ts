// Tells what a log means: which contract of the market said what.
import {
  type Address,
  type ContractEventName,
  type Hex,
  isAddressEqual,
  type Log,
  parseEventLogs,
} from 'viem'
import type { WithContracts } from '../chains/computeContracts.ts'
import { type ComputeContractName, computeAbis, computeContractNames } from './computeAbis.ts'

/** An event with typed `args`, told apart by `contract` and `eventName`. */
export type ComputeEvent<name extends ComputeContractName = ComputeContractName> = {
  [contract in name]: { readonly contract: contract } & Log<
    bigint,
    number,
    false,
    undefined,
    true,
    (typeof computeAbis)[contract],
    ContractEventName<(typeof computeAbis)[contract]>
  >
}[name]

export type DecodeComputeEventParameters = WithContracts & {
  /** Of a block, a receipt, a filter, or what a wallet says of its calls. */
  readonly log: { readonly address: Address; readonly topics: readonly Hex[]; readonly data: Hex }
}
/** Undefined: not an event of the market's contracts. */
export type DecodeComputeEventReturnType = ComputeEvent | undefined

/**
 * Decodes a log by the contract it came from.
 *
 * @example
 * import { decodeComputeEvent } from '@worldland-aa/sdk/events/decodeComputeEvent'
 *
 * for (const log of receipt.logs) {
 *   const event = decodeComputeEvent({ contracts, log })
 *   if (event?.eventName === 'LeaseOpened') console.log(event.args.leaseId, event.args.escrowWei)
 * }
 */
export function decodeComputeEvent(parameters: DecodeComputeEventParameters): DecodeComputeEventReturnType {
  const { contracts, log } = parameters
  const contract = computeContractNames.find(name => isAddressEqual(contracts[name], log.address))
  if (contract === undefined) return undefined
  const [event] = parseEventLogs({
    abi: computeAbis[contract],
    logs: [log as unknown as Log<bigint, number, false>],
  })
  return event === undefined ? undefined : ({ ...event, contract } as unknown as ComputeEvent)
}
