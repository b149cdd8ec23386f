// What has become of a promise, by what the chain shows now: a reorg may show something else.
import type { Hash } from 'viem'

/** `late`: landed, but after its block; `void`: it binds nobody any more. */
export const promiseStates = ['open', 'kept', 'late', 'broken', 'void'] as const
export type PromiseState = (typeof promiseStates)[number]

export type NonceUse = { readonly operationHash: Hash; readonly blockNumber: bigint }

/**
 * `nonceUse`: what landed with its sender and nonce. `isExcused`: its operation cannot land any more, by its user's doing
 * and not by time's.
 */
export function stateOfPromise(seen: {
  readonly userOpHash: Hash
  readonly latestBlock: bigint
  readonly head: bigint
  readonly nonceUse: NonceUse | undefined
  readonly isExcused: boolean
}): PromiseState {
  const { userOpHash, latestBlock, head, nonceUse, isExcused } = seen
  if (nonceUse !== undefined) {
    if (nonceUse.operationHash !== userOpHash) return 'void'
    return nonceUse.blockNumber <= latestBlock ? 'kept' : 'late'
  }
  if (isExcused) return 'void'
  return head < latestBlock ? 'open' : 'broken'
}
