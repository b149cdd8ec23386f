// A bound on what the ledger may promise. Budgets are made anew for each request, by policy and settings;
// the ledger keeps only what is used of them, by id.
import type { Hash } from 'viem'
import type { ShownToken } from '../tokenAmount.ts'

export type Budget = {
  /** Names the counter, with its window: `policy/demo/global/2026-01-31`. */
  readonly id: string
  /** For people: whose budget it is. */
  readonly name: string
  readonly limitWei?: bigint
  readonly limitOperations?: number
  /** A limit in wei that moves with the deposit. */
  readonly limitDepositPercent?: number
  /** Bounds what is signed for and not in a block: what has landed counts no more, final or not. */
  readonly unsentOnly?: boolean
  /** Where nothing counts against it, one operation is let in whatever the limit: a share of little is less than one. */
  readonly admitsOne?: boolean
  /**
   * What a landed operation uses up for good: its gas cost, the part of it that was not paid back in the
   * token, what its own calls could spend of the token (unless it failed), or nothing (the budget bounds what is
   * open at a time).
   */
  readonly consumes: 'cost' | 'loss' | 'token' | 'nothing'
  /**
   * The block at which the limit was read from the chain. What had landed by then is gone from the limit and held
   * no longer, final or not; so the ledger takes the reservation only while it stands at that block itself.
   */
  readonly readAt?: Hash
  /** For people: the token whose smallest units its wei are; left out, they are the coin's. */
  readonly shownIn?: ShownToken
  /** For people: what to do when it is used up. */
  readonly remedy?: string
  /** What the operation holds of the budget while it may still land. */
  readonly holdWei: bigint
}
