// The chain as validation and estimation need it, and the promise that nobody is refused on an old block.
import type { Block } from '@worldland-aa/service/chain/block'
import { describeShortfall, type Shortfall } from '@worldland-aa/service/chain/shortfall'
import { Outage } from '@worldland-aa/service/outage'
import type { Result } from '@worldland-aa/service/result'
import { isUnknownBlock } from '../chainState/isUnknownBlock.ts'

/** A ChainFollower is one. */
export type HeadSource = {
  head(): Block
  /** Looks for a newer head now. */
  poll(): Promise<void>
  /** Set while the node shows less of the chain than before. */
  shortfall(): Shortfall | undefined
}

/**
 * What holds at the newest block, even where that is a yes: the caller may just have changed what it depends on.
 * Whether there is a newer block is asked for while the one we know is worked on, so that the question costs no time.
 */
export async function atNewestHead<Value>(
  chain: HeadSource,
  work: (block: Block) => Promise<Value>,
): Promise<Value> {
  const early = atHead(chain, work)
  // Of a block that is no longer the newest nobody wants to know, not even that it failed.
  early.catch(() => undefined)
  const { hash } = chain.head()
  await chain.poll()
  if (chain.head().hash !== hash) return (await atHead(chain, work)).value
  return (await early).value
}

/** A refusal is only given at the newest block: the one we know may lag behind what the sender saw. */
export async function judgeAtHead<Value>(
  chain: HeadSource,
  judge: (block: Block) => Promise<Result<Value>>,
): Promise<Result<Value>> {
  const { block, value: verdict } = await atHead(chain, judge)
  if (verdict.ok) return verdict
  await chain.poll()
  return chain.head().hash === block.hash ? verdict : (await atHead(chain, judge)).value
}

/** While it was worked on, the head may have been taken back, and the next one as well. */
const mostHeads = 3

/** A block that the node does not know any more is one that it has lost: the question is asked anew at the new head. */
async function atHead<Value>(
  chain: HeadSource,
  work: (block: Block) => Promise<Value>,
): Promise<{ readonly block: Block; readonly value: Value }> {
  for (let heads = 1; ; heads++) {
    const block = chain.head()
    throwWhileShort(chain)
    try {
      return { block, value: await work(block) }
    } catch (error) {
      if (!isUnknownBlock(error)) throw error
      await chain.poll()
      throwWhileShort(chain)
      if (heads === mostHeads || chain.head().hash === block.hash) {
        const words = `The node does not know block ${block.number} (${block.hash}), which it has shown before: it lags, or is losing its chain; try again in some seconds`
        throw new Outage(words, words, { cause: error })
      }
    }
  }
}

function throwWhileShort(chain: HeadSource): void {
  const shortfall = chain.shortfall()
  if (shortfall === undefined) return
  const words = `Nothing can be judged now: ${describeShortfall(shortfall)}; try again in a minute`
  throw new Outage(words, words)
}
