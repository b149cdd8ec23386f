// What is told of a peer, by worldland_getBundlerStatus.
export type PeerStatus = {
  readonly peerId: string
  readonly bundlerId: number | undefined
  readonly address: string
  readonly direction: 'inbound' | 'outbound'
  /** Whether it has said that it hears operations in one of the mempools that this node serves. */
  readonly isListening: boolean
  /** Block number of its head when it was last asked; undefined before. */
  readonly headBlock: bigint | undefined
  /** Ids of the mempools that it serves, as far as it says. */
  readonly mempools: readonly string[]
  /** 0 for one that has done no wrong; from 60 on nothing is taken from it. */
  readonly faultPoints: number
}
