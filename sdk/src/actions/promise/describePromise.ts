// A promise in words that a renter understands: who stakes what on which block, and what follows if it is broken.
import { worldland } from '../../chains/worldland.ts'
import { amount } from '../../errors/sentences/amount.ts'
import type { SignedPromise } from './signedPromise.ts'
import type { PromiseWorth } from './verifyPromise.ts'

export type DescribePromiseParameters = {
  readonly promise: SignedPromise
  /** As `verifyPromise` has found it. */
  readonly worth: PromiseWorth
  /** Milliseconds between two blocks, on average. Default: WorldLand's. */
  readonly blockTime?: number | undefined
}
/** One or two sentences. */
export type DescribePromiseReturnType = string

/**
 * Describes a verified promise in English: who lands the operation, by which block and about when, and what it costs the
 * bundler if it does not.
 *
 * @example
 * import { describePromise } from '@worldland-aa/sdk/actions/promise/describePromise'
 * import { verifyPromise } from '@worldland-aa/sdk/actions/promise/verifyPromise'
 *
 * const worth = await verifyPromise(publicClient, { contracts, promise })
 * console.log(worth.ok ? describePromise({ promise, worth }) : worth.problem)
 */
export function describePromise(parameters: DescribePromiseParameters): DescribePromiseReturnType {
  const { promise, worth, blockTime = worldland.blockTime } = parameters
  const { bundlerId, latestBlock } = promise
  const block = latestBlock.toLocaleString('en-US')
  if (worth.isSettled)
    return `Bundler ${bundlerId} promised block ${block}; the operation's nonce is used by now.`
  const fine = `${amount(worth.fineWei)} of the ${amount(worth.stakeWei)} it has staked`
  if (worth.blocksLeft === 0n)
    return `Bundler ${bundlerId} promised to land the operation by block ${block} and has not: unless it does so, or shows that the operation cannot land any more, a challenge until block ${worth.challengeableUntil.toLocaleString('en-US')} costs it ${fine}.`
  const seconds = Math.round((Number(worth.blocksLeft) * blockTime) / 1_000)
  return `Bundler ${bundlerId} stakes ${amount(worth.fineWei)} that the operation lands by block ${block}, in ${duration(seconds)} on average; if it could and does not, it loses ${fine}.`
}

function duration(seconds: number): string {
  return seconds < 120 ? `about ${seconds} s` : `about ${Math.round(seconds / 60)} min`
}
