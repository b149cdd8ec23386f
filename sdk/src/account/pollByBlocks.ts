// Waits for something on the chain, giving up after a number of blocks: on a proof-of-work chain a clock
// says nothing about when the next block comes.
import { BaseError, type Client } from 'viem'
import { getBlockNumber } from 'viem/actions'

export class BlocksElapsedError extends BaseError {
  constructor(options: { what: string; blocks: bigint }) {
    super(`${options.what} did not happen within ${options.blocks} blocks.`, { name: 'BlocksElapsedError' })
  }
}

/**
 * Asks `look` again and again, at the client's polling interval, until it gives something.
 * Throws `BlocksElapsedError` when it has given nothing for `timeoutBlocks` blocks.
 */
export async function pollByBlocks<Found>(
  chainClient: Client,
  options: {
    readonly look: () => Promise<Found | undefined>
    readonly timeoutBlocks: bigint
    /** What is waited for, as the beginning of a sentence. */
    readonly what: string
    readonly pollingMilliseconds?: number | undefined
  },
): Promise<Found> {
  const { look, timeoutBlocks, what, pollingMilliseconds = chainClient.pollingInterval } = options
  let start: bigint | undefined
  for (;;) {
    // The head is read before looking: what the last block brought is still seen.
    const head = await getBlockNumber(chainClient, { cacheTime: 0 })
    start ??= head
    const found = await look()
    if (found !== undefined) return found
    if (head - start > timeoutBlocks) throw new BlocksElapsedError({ what, blocks: timeoutBlocks })
    await new Promise(resolve => setTimeout(resolve, pollingMilliseconds))
  }
}
