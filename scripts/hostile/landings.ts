// What the chain says became of operations: how often each landed, who paid, and when it was first seen.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { type Address, type Hash, isAddressEqual, type PublicClient, parseEventLogs } from 'viem'

export type Landing = {
  readonly seenAt: number
  readonly times: number
  readonly success: boolean
  readonly costWei: bigint
}

export type Landings = {
  of(hash: Hash): Landing | undefined
  /** Resolves when all blocks up to this one are seen. */
  seen(blockNumber: bigint): Promise<void>
  /** What the paymaster's deposit paid until that block, and nobody was charged for in tokens. */
  sponsoredWei(untilBlock: bigint): bigint
  stop(): Promise<void>
}

const pollMilliseconds = 150

export function watchLandings(
  options: { client: PublicClient; entryPoint: Address; paymaster: Address },
  onError: (error: unknown) => void,
): Landings {
  const { client, entryPoint, paymaster } = options
  const known = new Map<Hash, Landing>()
  /** With the block that each is in. */
  const paidByPaymaster = new Map<Hash, bigint>()
  const charged = new Set<Hash>()
  let next = 0n
  let stopped = false

  async function look(): Promise<void> {
    const head = await client.getBlockNumber({ cacheTime: 0 })
    if (head < next) return
    const logs = await client.getLogs({ address: [entryPoint, paymaster], fromBlock: next, toBlock: head })
    next = head + 1n
    for (const { args, blockNumber } of parseEventLogs({
      abi: entryPoint07Abi,
      logs,
      eventName: 'UserOperationEvent',
    })) {
      const before = known.get(args.userOpHash)
      known.set(args.userOpHash, {
        seenAt: before?.seenAt ?? performance.now(),
        times: (before?.times ?? 0) + 1,
        success: args.success,
        costWei: args.actualGasCost,
      })
      if (isAddressEqual(args.paymaster, paymaster)) paidByPaymaster.set(args.userOpHash, blockNumber)
    }
    const charges = ['TokenCharged', 'TankCharged'] as const
    for (const { args } of parseEventLogs({ abi: computePaymasterAbi, logs, eventName: [...charges] })) {
      charged.add(args.userOpHash)
    }
  }

  const looking = (async () => {
    while (!stopped) {
      await look().catch(onError)
      await new Promise(resolve => setTimeout(resolve, pollMilliseconds))
    }
    await look().catch(onError)
  })()
  return {
    of: hash => known.get(hash),
    async seen(blockNumber) {
      while (next <= blockNumber && !stopped)
        await new Promise(resolve => setTimeout(resolve, pollMilliseconds))
    },
    sponsoredWei: untilBlock =>
      [...paidByPaymaster]
        .filter(([hash, blockNumber]) => blockNumber <= untilBlock && !charged.has(hash))
        .reduce((sum, [hash]) => sum + (known.get(hash)?.costWei ?? 0n), 0n),
    async stop() {
      stopped = true
      await looking
    },
  }
}
