// When does this node rather promise nothing? Whatever it may not be able to keep: nobody is worse off than without a
// promise, and the operation is carried all the same.
import type { ReputationStatus } from '../../reputation/counters.ts'
import type { ValidatedOperation } from '../../validation/validatedOperation.ts'

export const withheldReasons = [
  'node lags',
  'court unknown',
  'gone',
  'sender busy',
  'mempool full',
  'entity throttled',
  'fee too low',
  'executors poor',
  'dear to answer',
  'shares storage',
  'no room',
  'expires',
] as const
export type WithheldReason = (typeof withheldReasons)[number]

export type Circumstances = {
  /** Whether the mempool has it, be it on its way to the disk. */
  readonly isHeld: boolean
  /** Whether nothing else of its sender waits or is in flight. */
  readonly isAlone: boolean
  readonly isLagging: boolean
  /** Of the mempool's places, how many are taken. */
  readonly mempool: { readonly taken: number; readonly capacity: number }
  readonly statuses: readonly ReputationStatus[]
  /** Wei per gas: the highest base fee at which it can still pay miners their tip, and the next block's. */
  readonly maxBaseFeePerGas: bigint
  readonly baseFeePerGas: bigint
  /** Wei that the executors which can send have, and that a whole bundle may call for. */
  readonly spendableWei: bigint
  readonly bundleWei: bigint
  /** What showing it to the court may cost, and what a challenge pays for that. */
  readonly answerWei: bigint
  readonly depositWei: bigint | undefined
  /** Whether its validation touches what one promised before stands on, or the other way round. */
  readonly conflicts: boolean
}

/** Undefined: nothing that is known before its place in the queue. */
export function reasonToWithhold(circumstances: Circumstances): WithheldReason | undefined {
  const { mempool } = circumstances
  if (circumstances.isLagging) return 'node lags'
  if (!circumstances.isHeld) return 'gone'
  // One operation of a sender goes into a bundle, and nonces go in order: a promise is for the first alone.
  if (!circumstances.isAlone) return 'sender busy'
  // A mempool that fills up lets the worst paying go.
  if (mempool.taken * 2 > mempool.capacity) return 'mempool full'
  if (circumstances.statuses.some(status => status !== 'ok')) return 'entity throttled'
  // Full blocks raise the base fee by an eighth each: three of them in a row are borne.
  if (circumstances.maxBaseFeePerGas * 2n < circumstances.baseFeePerGas * 3n) return 'fee too low'
  if (circumstances.spendableWei < circumstances.bundleWei) return 'executors poor'
  const { answerWei, depositWei = answerWei } = circumstances
  if (answerWei > depositWei) return 'dear to answer'
  return circumstances.conflicts ? 'shares storage' : undefined
}

/** So many times as long as on average the blocks until then may take. */
const patience = 3

/**
 * Until which block may it be promised, by its own end? One that ends before it has landed, and was not shown to the court
 * by then, costs a fine. Undefined: as long as anybody likes.
 */
export function lastBlockOfValidity(
  { validUntil, validBlocks }: Pick<ValidatedOperation, 'validUntil' | 'validBlocks'>,
  now: { readonly head: bigint; readonly presentSeconds: number; readonly blockTimeSeconds: number },
): bigint | undefined {
  if (validBlocks !== undefined) return BigInt(validBlocks.until) - 1n
  if (validUntil === 0) return undefined
  const blocks = Math.floor((validUntil - now.presentSeconds) / (patience * now.blockTimeSeconds))
  return now.head + BigInt(Math.max(0, blocks))
}
