// Waits for an actor's user operation and says what it cost and what came of it.
import type { SendCallsReturnType } from '@worldland-aa/sdk/account/sendCalls'
import { getGasCharge } from '@worldland-aa/sdk/actions/operation/getGasCharge'
import type { ComputeContractName } from '@worldland-aa/sdk/events/computeAbis'
import { type ComputeEvent, decodeComputeEvent } from '@worldland-aa/sdk/events/decodeComputeEvent'
import type { Hash, Hex } from 'viem'
import type { Actor } from '../actor.ts'

export type Landed = {
  readonly userOperationHash: Hex
  readonly transactionHash: Hash
  /** Token wei. */
  readonly gasWei: bigint
  /** Gas units that the operation was billed for. */
  readonly gasUsed: bigint
  readonly events: readonly ComputeEvent[]
}

export async function land(
  { client, contracts, name }: Actor,
  sending: Promise<Hex | SendCallsReturnType>,
): Promise<Landed> {
  const sent = await sending
  const hash =
    typeof sent === 'string' ? sent : sent.kind === 'userOperation' ? sent.userOperationHash : undefined
  if (hash === undefined) throw new Error(`${name} acts by user operations only`)
  const receipt = await client.waitForUserOperation({ hash })
  const gasWei = getGasCharge({ contracts, receipt })
  if (gasWei === undefined) throw new Error(`${name}'s gas was not paid in the token`)
  const events = receipt.logs.flatMap(log => {
    const event = decodeComputeEvent({
      contracts,
      log: log as Parameters<typeof decodeComputeEvent>[0]['log'],
    })
    return event === undefined ? [] : [event]
  })
  return {
    userOperationHash: hash,
    transactionHash: receipt.receipt.transactionHash,
    gasWei,
    gasUsed: receipt.actualGasUsed,
    events,
  }
}

/** The part that goes into the story's table. */
export function costOf({ userOperationHash, transactionHash, gasWei }: Landed) {
  return { userOperationHash, transactionHash, gasWei }
}

export function eventOf<
  const contract extends ComputeContractName,
  const name extends ComputeEvent['eventName'],
>(
  { events, userOperationHash }: Landed,
  contract: contract,
  eventName: name,
): Extract<ComputeEvent<contract>, { eventName: name }> {
  const found = events.find(event => event.contract === contract && event.eventName === eventName)
  if (found === undefined) throw new Error(`User operation ${userOperationHash} brought no ${eventName}`)
  return found as Extract<ComputeEvent<contract>, { eventName: name }>
}
