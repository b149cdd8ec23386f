// The chain as validation and estimation need it, and the promise that nobody is refused on an old block.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Result } from '@worldland-aa/service/result'

/** A ChainFollower is one. */
export type HeadSource = {
  head(): Block
  /** Looks for a newer head now. */
  poll(): Promise<void>
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
