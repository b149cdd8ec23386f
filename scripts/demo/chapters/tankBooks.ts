// The books of the gas tanks: each person's is what the events say, and so are all tanks together, to the wei.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { ComputeEvent } from '@worldland-aa/sdk/events/decodeComputeEvent'
import { type Address, isAddressEqual } from 'viem'
import type { NodeClient } from '../marketClient.ts'

export type TankLine = { readonly name: string; readonly actualWei: bigint; readonly expectedWei: bigint }

/** What has changed from the end of block `fromBlock - 1` to that of `toBlock`, token wei. */
export async function tankLines(
  client: NodeClient,
  range: {
    readonly contracts: ComputeContracts
    readonly people: readonly { name: string; address: Address }[]
    readonly events: readonly ComputeEvent[]
    readonly fromBlock: bigint
    readonly toBlock: bigint
  },
): Promise<readonly TankLine[]> {
  const { contracts, people, events, fromBlock, toBlock } = range
  const paymaster = { address: contracts.paymaster, abi: computePaymasterAbi } as const
  const changed = async (read: (blockNumber: bigint) => Promise<bigint>) =>
    (await read(toBlock)) - (await read(fromBlock - 1n))
  const persons = people.map(async ({ name, address }) => ({
    name: `gas tank of ${name}`,
    actualWei: await changed(blockNumber =>
      client.readContract({ ...paymaster, functionName: 'tankOf', args: [address], blockNumber }),
    ),
    expectedWei: events.reduce((sum, event) => sum + heldBy(address, event), 0n),
  }))
  const all = {
    name: 'all gas tanks',
    actualWei: await changed(blockNumber =>
      client.readContract({ ...paymaster, functionName: 'tanksWei', blockNumber }),
    ),
    expectedWei: events.reduce((sum, event) => sum + heldByAll(event), 0n),
  }
  return [...(await Promise.all(persons)), all]
}

function heldBy(account: Address, event: ComputeEvent): bigint {
  switch (event.eventName) {
    case 'TankFilled':
      return isAddressEqual(event.args.account, account) ? event.args.amountWei : 0n
    case 'TankWithdrawn':
      return isAddressEqual(event.args.account, account) ? -event.args.amountWei : 0n
    case 'TankCharged':
      return isAddressEqual(event.args.sender, account) ? -event.args.chargeWei : 0n
    default:
      return 0n
  }
}

/** What was spent is counted until it is the paymaster's revenue. */
function heldByAll(event: ComputeEvent): bigint {
  if (event.eventName === 'TankFilled') return event.args.amountWei
  if (event.eventName === 'TankWithdrawn' || event.eventName === 'TankCollected') return -event.args.amountWei
  return 0n
}
