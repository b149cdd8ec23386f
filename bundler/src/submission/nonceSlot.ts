// One executor's nonce and all that was ever signed for it. Whatever of it lands, the operations bound
// to the nonce land at most once.
import type { Address, Hash, Hex } from 'viem'
import { lesser } from '../extremes.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { FeePair } from './fees.ts'

export type SignedTransaction = {
  readonly hash: Hash
  readonly kind: 'bundle' | 'cancellation'
  /** Ready to be broadcast again. */
  readonly signed: Hex
  /** In their order in the bundle. */
  readonly operations: readonly Hash[]
  readonly gasLimit: bigint
  readonly fees: FeePair
  /** Head when it was signed. */
  readonly signedAtBlock: bigint
  /** Of a bundle that lands nothing after this block, and leaves out what others have landed. */
  readonly lastBlock?: bigint
}

export type NonceSlot = {
  readonly executor: Address
  readonly nonce: number
  openedAtBlock: bigint
  state: 'open' | 'mined'
  /** Hashes of the operations that ride on this nonce until it is closed. */
  operations: readonly Hash[]
  /** Oldest first; the last is the one to keep alive. */
  attempts: readonly SignedTransaction[]
  /** Set while `mined`; without a hash when the transaction is none of ours. */
  mined?: { readonly hash?: Hash; readonly block: bigint } | undefined
  /** Why its transaction must be replaced. */
  due?: 'stuck' | 'stale' | 'unaffordable' | undefined
  /** The node found its last transaction too cheap. */
  underpriced: boolean
  /** Blocks for which the nonce has been used up by a transaction that cannot be found. */
  unexplainedBlocks: number
}

export function lastAttempt(slot: NonceSlot): SignedTransaction {
  const last = slot.attempts.at(-1)
  if (last === undefined) throw new Error(`Nonce ${slot.nonce} of ${slot.executor} has no transaction`)
  return last
}

/** The turn in which its bundle might have landed is over: whatever becomes of the nonce, it lands nothing any more. */
export function isOver(slot: NonceSlot, head: bigint): boolean {
  const { lastBlock } = lastAttempt(slot)
  return lastBlock !== undefined && head >= lastBlock
}

/** Wei that the transaction may take from its executor. */
export function promisedWei(slot: NonceSlot): bigint {
  const { gasLimit, fees } = lastAttempt(slot)
  return gasLimit * fees.maxFeePerGas
}

/** The chain is back below block `number`: what waits, waits from there on, be that long ago by the blocks that are gone. */
export function rewindClock(slot: NonceSlot, number: bigint): void {
  const latest = number - 1n
  slot.openedAtBlock = lesser(slot.openedAtBlock, latest)
  slot.attempts = slot.attempts.map(attempt => ({
    ...attempt,
    signedAtBlock: lesser(attempt.signedAtBlock, latest),
  }))
}

/** Lets the operations that ride on this nonce wait for another bundle, all but `landed`. */
export function release(mempool: Mempool, slot: NonceSlot, landed: readonly Hash[] = []): void {
  const ours = new Set(slot.attempts.map(attempt => attempt.hash))
  const freed = slot.operations.filter(hash => {
    const carrier = mempool.get(hash)?.transactionHash
    return carrier !== undefined && ours.has(carrier) && !landed.includes(hash)
  })
  if (freed.length > 0) mempool.released(freed)
}
