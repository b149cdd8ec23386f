// How this node stands among the others, for people and for its operator's page. Wei are decimal strings in fields named
// …Wei, blocks are numbers.
import type { Address } from 'viem'
import type { PeerStatus } from './gossip/peers/peerStatus.ts'
import type { PromisesStatus } from './promises/promises.ts'
import type { Standing } from './schedule/schedule.ts'

export type ParticipationStatus = {
  /** `open`: everybody may bundle; `registered`: leader windows are kept. */
  readonly mode: 'open' | 'registered'
  /** What keeps this node from leading, or from serving when it does, with the remedy; for /health. */
  readonly problems: readonly string[]
  /** Absent where no registry is set. */
  readonly registry?: RegistryStatus
  /** Absent for a node without a key. */
  readonly promises?: PromisesStatus
  /** Whom it is connected to; absent where it is part of no network. */
  readonly peers?: readonly ShownPeer[]
}

/** As JSON has it. */
export type ShownPeer = Omit<PeerStatus, 'headBlock' | 'bundlerId'> & {
  readonly headBlock: number | null
  readonly bundlerId: number | null
}

export type RegistryStatus = {
  readonly address: Address
  readonly court: Address | null
  /** This node; null: its key is not registered. */
  readonly bundler: {
    readonly bundlerId: number
    readonly stakeWei: string
    readonly weightWei: string
    readonly strikes: number
    readonly exitBlock: number | null
  } | null
  readonly bundlers: number
  readonly epoch: number
  /** Who leads the next block; null: nobody, everybody may bundle. */
  readonly leader: number | null
  /** This node's, for the next block. */
  readonly standing: Standing
  /** The next that this node leads, of those that are known; null: none is. */
  readonly nextWindow: { readonly firstBlock: number; readonly lastBlock: number } | null
  /** Operations that another has signed for and may still land. */
  readonly committedOperations: number
}
