// What the canonical chain itself says about operations: the judge of "landed exactly once".
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Hash, type PublicClient, parseEventLogs } from 'viem'

export type Landing = {
  readonly transactionHash: Hash
  readonly blockNumber: bigint
  readonly success: boolean
}

/** Every landing of every operation, by its hash, from the whole chain. */
export async function readLandings(client: PublicClient): Promise<ReadonlyMap<Hash, readonly Landing[]>> {
  const logs = await client.getLogs({ address: entryPoint07Address, fromBlock: 0n, toBlock: 'latest' })
  const landings = new Map<Hash, Landing[]>()
  for (const event of parseEventLogs({ abi: entryPoint07Abi, logs, eventName: 'UserOperationEvent' })) {
    const { transactionHash, blockNumber } = event
    const known = landings.get(event.args.userOpHash) ?? []
    landings.set(event.args.userOpHash, [
      ...known,
      { transactionHash, blockNumber, success: event.args.success },
    ])
  }
  return landings
}

/** How often each of `hashes` landed, counted: `{ 1: 100 }` is what a good bundler leaves. */
export async function countLandings(
  client: PublicClient,
  hashes: Iterable<Hash>,
): Promise<Readonly<Record<number, number>>> {
  const landings = await readLandings(client)
  const counts: Record<number, number> = {}
  for (const hash of hashes) {
    const times = landings.get(hash)?.length ?? 0
    counts[times] = (counts[times] ?? 0) + 1
  }
  return counts
}
