// What promising needs to know of the registry, as it was read last.
import type { Address } from 'viem'
import type { Schedule } from '../schedule/schedule.ts'

export type CourtTerms = {
  readonly court: Address
  /** What a broken promise costs whoever gave it. */
  readonly fineWei: bigint
  /** What a challenge costs whoever is wrong: it pays for showing that an operation cannot land. Absent: enough. */
  readonly challengeDepositWei?: bigint
  /** Blocks after a promise's own in which it can be challenged, and those there are to answer then. */
  readonly challengeBlocks: number
  readonly answerBlocks: number
}

export type PromiseNetwork = {
  /** Undefined until the court's terms are read. */
  terms(): CourtTerms | undefined
  /** Undefined in open mode. */
  schedule(): Pick<Schedule, 'leaderAt' | 'windowOf'> | undefined
  /** Of this node; undefined where its key is not registered, or is about to leave. */
  ownId(): number | undefined
  /** Whether most bundlers that this node hears know blocks that it does not. */
  isBehind(): boolean
  /** The address of a bundler's key. */
  nodeKeyOf(bundlerId: number): Address | undefined
}
