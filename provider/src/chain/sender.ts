// How the provider's own calls get onto the chain: by ordinary transactions, or by user operations through a bundler.
import type { Call } from '@worldland-aa/sdk/account/call'
import type { Address } from 'viem'
import type { Outcome } from '../outcome.ts'

export type Submission =
  /** On its way; ask again after the next block. */
  | { readonly state: 'pending' }
  /** In a block, and it did what it was for. */
  | { readonly state: 'landed'; readonly blockNumber: bigint }

/** The chain would refuse it, or did: in a sentence. Nothing is on its way. */
export type SendRefusal = { readonly code: string; readonly message: string }

export type Sender = {
  /** Whose calls they are: the provider, as the chain knows it. */
  readonly address: Address
  /**
   * Sends the calls unless those of the same purpose are on their way already. Call it again at each block until the
   * chain says what was wanted: what was lost, or taken back by a reorg, is sent again. Throws for outages alone.
   * @param purpose Names what is done to what: `accept lease 12`.
   * @param options `leastGas`: what the calls are given at least, where an estimate may come out too low: a call that
   * catches what fails inside it succeeds with less gas than it needs.
   */
  submit(
    purpose: string,
    calls: readonly Call[],
    options?: { readonly leastGas?: bigint },
  ): Promise<Outcome<Submission, SendRefusal>>
  /**
   * Nobody wants these any more: what is on its way for them is called off where that can be done, for it would do to
   * another what it was meant for. It may land all the same. Throws for outages alone.
   */
  forsake(isForsaken: (purpose: string) => boolean): Promise<void>
}
