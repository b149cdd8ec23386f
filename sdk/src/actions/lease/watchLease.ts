// Follows one lease block by block. Every step is the whole truth of one block, read again when a reorg
// replaces it, and events that a reorg took back are handed back too.
import type { Client, ContractEventName, Log, ReadContractErrorType } from 'viem'
import { getBlock, getContractEvents } from 'viem/actions'
import { instanceLeaseAbi } from '../../abi/instanceLease.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { getLease } from './getLease.ts'
import type { Lease } from './lease.ts'

export type LeaseEvent = Log<
  bigint,
  number,
  false,
  undefined,
  true,
  typeof instanceLeaseAbi,
  ContractEventName<typeof instanceLeaseAbi>
>

export type LeaseStep = {
  readonly lease: Lease
  readonly block: { readonly number: bigint; readonly hash: `0x${string}`; readonly timestamp: bigint }
  /** What the lease did since the last step, oldest first. */
  readonly events: readonly LeaseEvent[]
  /** Events of earlier steps that a reorg has taken back. */
  readonly removed: readonly LeaseEvent[]
}

export type WatchLeaseParameters = WithContracts & {
  readonly leaseId: bigint
  /** Once per block, in order; the next one waits for it. */
  readonly onStep: (step: LeaseStep) => void | Promise<void>
  /** The node did not answer, or `onStep` threw; watching goes on. */
  readonly onError?: ((error: unknown) => void) | undefined
  /** Milliseconds between two looks for a new block. Default: the client's. */
  readonly pollingInterval?: number | undefined
}
export type WatchLeaseReturnType = () => void
export type WatchLeaseErrorType = ReadContractErrorType

/** Deeper reorgs than this are not seen in `removed`; the lease itself is right at any depth. */
const windowBlocks = 64n

/**
 * Watches a lease: its state, its costs so far and its events, for every new block. Returns a function that ends it.
 *
 * @example
 * import { watchLease } from '@worldland-aa/sdk/actions/lease/watchLease'
 *
 * const unwatch = watchLease(publicClient, {
 *   contracts,
 *   leaseId: 1n,
 *   onStep: ({ lease }) => console.log(lease.state, lease.costWei),
 * })
 */
export function watchLease(
  client: Client | SmartAccountClient,
  parameters: WatchLeaseParameters,
): WatchLeaseReturnType {
  const chainClient = chainClientOf(client)
  const { onStep, onError, pollingInterval = chainClient.pollingInterval } = parameters
  let seen: readonly LeaseEvent[] = []
  let lastHash: string | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let ended = false

  async function look(): Promise<void> {
    const block = await getBlock(chainClient, { blockTag: 'latest' })
    if (block.hash === lastHash || ended) return
    const [lease, window] = await Promise.all([
      getLease(chainClient, { ...parameters, blockNumber: block.number }),
      eventsOf(chainClient, { ...parameters, lastBlock: block.number }),
    ])
    if (ended) return
    const step = {
      lease,
      block: { number: block.number, hash: block.hash, timestamp: block.timestamp },
      ...compare(seen, window, block.number),
    }
    lastHash = block.hash
    seen = window
    await onStep(step)
  }

  async function run(): Promise<void> {
    try {
      await look()
    } catch (error) {
      onError?.(error)
    }
    if (!ended) timer = setTimeout(run, pollingInterval)
  }

  void run()
  return () => {
    ended = true
    clearTimeout(timer)
  }
}

async function eventsOf(
  client: Client,
  options: WithContracts & { leaseId: bigint; lastBlock: bigint },
): Promise<readonly LeaseEvent[]> {
  const { contracts, leaseId, lastBlock } = options
  const logs = await getContractEvents(client, {
    address: contracts.instanceLease,
    abi: instanceLeaseAbi,
    args: { leaseId },
    fromBlock: lastBlock > windowBlocks ? lastBlock - windowBlocks : 0n,
    toBlock: lastBlock,
    strict: true,
  })
  return logs as readonly LeaseEvent[]
}

/** Two looks at the last blocks: what came and what a reorg took. What merely left the window is neither. */
export function compare(
  before: readonly LeaseEvent[],
  now: readonly LeaseEvent[],
  lastBlock: bigint,
): { events: readonly LeaseEvent[]; removed: readonly LeaseEvent[] } {
  const known = new Set(before.map(identity))
  const current = new Set(now.map(identity))
  return {
    events: now.filter(event => !known.has(identity(event))),
    removed: before.filter(
      event => !current.has(identity(event)) && event.blockNumber + windowBlocks >= lastBlock,
    ),
  }
}

function identity(event: LeaseEvent): string {
  return `${event.blockHash}:${event.logIndex}`
}
