// Watches the chain itself, not the bundler, for what became of the accepted operations.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { type Address, type Hash, parseEventLogs } from 'viem'
import type { DeploymentClient } from '../deploy/deploymentClient.ts'

export type Landing = {
  readonly landed: number
  readonly missing: number
  /** From the first send to the block of the last operation. */
  readonly seconds: number
  /** From its send until its block was seen, one per landed operation. */
  readonly includedSeconds: readonly number[]
  readonly operationsPerBundle: readonly number[]
  /** Gas of all bundles divided by the operations in them. */
  readonly gasPerOperation: number
}

export type LandingWatch = {
  /** Waits until every hash has landed or `patienceBlocks` blocks brought none of them. */
  finish(sentAt: ReadonlyMap<string, number>, startedAt: number): Promise<Landing>
  /** Ends an unfinished watch. */
  stop(): Promise<void>
}

type Sighting = { readonly at: number; readonly transaction: Hash }

const pollMilliseconds = 100

/** Watches from the next block on. */
export async function watchLanding(options: {
  client: DeploymentClient
  entryPoint: Address
  patienceBlocks: number
}): Promise<LandingWatch> {
  const { client, entryPoint, patienceBlocks } = options
  const sightings = new Map<string, Sighting>()
  let head = await client.getBlockNumber({ cacheTime: 0 })
  let stopped = false

  async function readNewBlocks(): Promise<void> {
    const newest = await client.getBlockNumber({ cacheTime: 0 })
    if (newest <= head) return
    const logs = await client.getLogs({ address: entryPoint, fromBlock: head + 1n, toBlock: newest })
    head = newest
    for (const event of parseEventLogs({ abi: entryPoint07Abi, logs, eventName: 'UserOperationEvent' })) {
      sightings.set(event.args.userOpHash, { at: performance.now(), transaction: event.transactionHash })
    }
  }

  const loop = (async () => {
    while (!stopped) {
      await readNewBlocks()
      await pause(pollMilliseconds)
    }
  })()
  // A failure shows where the watch is awaited.
  loop.catch(() => undefined)

  async function stop(): Promise<void> {
    stopped = true
    await loop
  }

  return {
    stop,
    async finish(sentAt, startedAt) {
      const accepted = [...sentAt.keys()]
      const missing = (): number => accepted.filter(hash => !sightings.has(hash)).length
      let quietSince = head
      let lastMissing = missing()
      while (lastMissing > 0 && head - quietSince <= BigInt(patienceBlocks)) {
        await Promise.race([pause(pollMilliseconds), loop])
        const now = missing()
        if (now < lastMissing) quietSince = head
        lastMissing = now
      }
      await stop()
      return await summarize({ accepted, sightings, sentAt, startedAt, client })
    },
  }
}

async function summarize(watched: {
  accepted: readonly string[]
  sightings: ReadonlyMap<string, Sighting>
  sentAt: ReadonlyMap<string, number>
  startedAt: number
  client: DeploymentClient
}): Promise<Landing> {
  const { accepted, sightings, sentAt, startedAt, client } = watched
  const landed = accepted.flatMap(hash => {
    const sighting = sightings.get(hash)
    return sighting === undefined ? [] : [{ ...sighting, sent: sentAt.get(hash) ?? startedAt }]
  })
  const bundles = new Map<Hash, number>()
  for (const { transaction } of landed) bundles.set(transaction, (bundles.get(transaction) ?? 0) + 1)
  let gas = 0n
  for (const hash of bundles.keys()) gas += (await client.getTransactionReceipt({ hash })).gasUsed
  return {
    landed: landed.length,
    missing: accepted.length - landed.length,
    seconds: (Math.max(...landed.map(({ at }) => at)) - startedAt) / 1000,
    includedSeconds: landed.map(({ at, sent }) => (at - sent) / 1000),
    operationsPerBundle: [...bundles.values()],
    gasPerOperation: Number(gas) / landed.length,
  }
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, milliseconds))
}
