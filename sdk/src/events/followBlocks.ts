// Follows something on the chain block by block. Every step is the whole truth of one block, read again when
// a reorg replaces it, and events that a reorg took back are handed back too.
import type { Client } from 'viem'
import { getBlock } from 'viem/actions'

type EventPlace = { readonly blockNumber: bigint; readonly blockHash: string; readonly logIndex: number }

export type BlockStep<Subject, Event> = {
  readonly subject: Subject
  readonly block: { readonly number: bigint; readonly hash: `0x${string}`; readonly timestamp: bigint }
  /** What happened since the last step, oldest first. */
  readonly events: readonly Event[]
  /** Events of earlier steps that a reorg has taken back. */
  readonly removed: readonly Event[]
}

/** How a step is waited for; every watching action takes these. */
export type FollowBlocksOptions = {
  /** The node did not answer, or `onStep` threw; watching goes on. */
  readonly onError?: ((error: unknown) => void) | undefined
  /** Milliseconds between two looks for a new block. Default: the client's. */
  readonly pollingInterval?: number | undefined
}

/** Deeper reorgs than this are not seen in `removed`; the subject itself is right at any depth. */
const windowBlocks = 64n

/** Returns a function that ends it. */
export function followBlocks<Subject, Event extends EventPlace>(
  chainClient: Client,
  options: FollowBlocksOptions & {
    /** The subject as of this block. */
    readonly read: (blockNumber: bigint) => Promise<Subject>
    readonly eventsOf: (range: { fromBlock: bigint; toBlock: bigint }) => Promise<readonly Event[]>
    /** Once per block, in order; the next one waits for it. */
    readonly onStep: (step: BlockStep<Subject, Event>) => void | Promise<void>
  },
): () => void {
  const { read, eventsOf, onStep, onError, pollingInterval = chainClient.pollingInterval } = options
  let seen: readonly Event[] = []
  let lastHash: string | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let ended = false

  async function look(): Promise<void> {
    const block = await getBlock(chainClient, { blockTag: 'latest' })
    const { number, hash, timestamp } = block
    if (hash === lastHash || ended) return
    const fromBlock = number > windowBlocks ? number - windowBlocks : 0n
    const [subject, window] = await Promise.all([read(number), eventsOf({ fromBlock, toBlock: number })])
    if (ended) return
    const step = { subject, block: { number, hash, timestamp }, ...compare(seen, window, number) }
    lastHash = hash
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

/** Two looks at the last blocks: what came and what a reorg took. What merely left the window is neither. */
export function compare<Event extends EventPlace>(
  before: readonly Event[],
  now: readonly Event[],
  lastBlock: bigint,
): { events: readonly Event[]; removed: readonly Event[] } {
  const known = new Set(before.map(identity))
  const current = new Set(now.map(identity))
  return {
    events: now.filter(event => !known.has(identity(event))),
    removed: before.filter(
      event => !current.has(identity(event)) && event.blockNumber + windowBlocks >= lastBlock,
    ),
  }
}

function identity(event: EventPlace): string {
  return `${event.blockHash}:${event.logIndex}`
}
