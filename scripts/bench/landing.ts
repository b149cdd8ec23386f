// Watches the chain itself, not the bundler, for what became of the accepted operations.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { type Address, type Hex, parseEventLogs, type PublicClient } from 'viem'

export type Landing = {
  readonly landed: number
  readonly missing: number
  /** From the first send to the block of the last operation. */
  readonly seconds: number
  readonly includedSeconds: readonly number[]
  readonly operationsPerBundle: readonly number[]
  /** Transaction gas divided by the operations in it. */
  readonly gasPerOperation: readonly number[]
}

/** Follows until every hash has landed or `patienceBlocks` blocks brought none of them. */
export function watchLanding(options: { client: PublicClient; entryPoint: Address; patienceBlocks: number }) {
  const { client, entryPoint, patienceBlocks } = options
  const landedAt = new Map<string, number>()
  const bundleSizes = new Map<Hex, number>()
  let nextBlock: bigint | undefined
  let stopped = false

  async function readNewBlocks(): Promise<void> {
    const head = await client.getBlockNumber({ cacheTime: 0 })
    nextBlock ??= head + 1n
    if (head < nextBlock) return
    const logs = await client.getLogs({ address: entryPoint, fromBlock: nextBlock, toBlock: head })
    nextBlock = head + 1n
    for (const event of parseEventLogs({ abi: entryPoint07Abi, logs, eventName: 'UserOperationEvent' })) {
      landedAt.set(event.args.userOpHash, performance.now())
      bundleSizes.set(event.transactionHash, (bundleSizes.get(event.transactionHash) ?? 0) + 1)
    }
  }

  const loop = (async () => {
    while (!stopped) {
      await readNewBlocks()
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  })()

  return {
    async finish(sentAt: ReadonlyMap<string, number>, startedAt: number): Promise<Landing> {
      const accepted = [...sentAt.keys()]
      let quietSince = await client.getBlockNumber({ cacheTime: 0 })
      let seen = landedAt.size
      while (accepted.some(hash => !landedAt.has(hash))) {
        const head = await client.getBlockNumber({ cacheTime: 0 })
        if (landedAt.size > seen) {
          seen = landedAt.size
          quietSince = head
        }
        if (head - quietSince > BigInt(patienceBlocks)) break
        await new Promise(resolve => setTimeout(resolve, 200))
      }
      stopped = true
      await loop
      const times = accepted.map(hash => landedAt.get(hash)).filter(time => time !== undefined)
      const gasPerOperation: number[] = []
      for (const [hash, size] of bundleSizes) {
        const receipt = await client.getTransactionReceipt({ hash })
        gasPerOperation.push(Number(receipt.gasUsed) / size)
      }
      return {
        landed: times.length,
        missing: accepted.length - times.length,
        seconds: times.length === 0 ? Number.NaN : (Math.max(...times) - startedAt) / 1000,
        includedSeconds: accepted
          .map(hash => ((landedAt.get(hash) ?? Number.NaN) - (sentAt.get(hash) ?? Number.NaN)) / 1000)
          .filter(Number.isFinite),
        operationsPerBundle: [...bundleSizes.values()],
        gasPerOperation,
      }
    },
  }
}
