// The chain as validation and estimation need it, and the promise that nobody is refused on an old block.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Result } from '@worldland-aa/service/result'

/** A ChainFollower is one. */
export type HeadSource = {
  head(): Block
  /** Looks for a newer head now. */
  poll(): Promise<void>
}

/**
 * What holds at the newest block, even where that is a yes: the caller may just have changed what it depends on.
 * Whether there is a newer block is asked for while the one we know is worked on, so that the question costs no time.
 */
export async function atNewestHead<Value>(
  chain: HeadSource,
  work: (block: Block) => Promise<Value>,
): Promise<Value> {
  const block = chain.head()
  const early = work(block)
  // Of a block that is no longer the newest nobody wants to know, not even that it failed.
  early.catch(() => undefined)
  await chain.poll()
  const newest = chain.head()
  return await (newest.hash === block.hash ? early : work(newest))
}

/** A refusal is only given at the newest block: the one we know may lag behind what the sender saw. */
export async function judgeAtHead<Value>(
  chain: HeadSource,
  judge: (block: Block) => Promise<Result<Value>>,
): Promise<Result<Value>> {
  const block = chain.head()
  const verdict = await judge(block)
  if (verdict.ok) return verdict
  await chain.poll()
  const newest = chain.head()
  return newest.hash === block.hash ? verdict : await judge(newest)
}
