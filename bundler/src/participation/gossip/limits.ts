// Every bound of the network between bundlers. What is on the wire is the same for all; the rest each node sets.

/** Agreed: who sends more is at fault. Bundler-spec p2p-interface.md, and what it leaves open. */
export const wireLimits = {
  /** GOSSIP_MAX_SIZE: of a message, compressed and uncompressed, and of a chunk of an answer. */
  messageBytes: 1_048_576,
  /** MAX_OPS_PER_REQUEST: hashes in one page, and in one request. */
  hashesPerRequest: 4_096,
  /** MAX_SUPPORTED_MEMPOOLS, and of the id of one. */
  mempools: 1_024,
  mempoolIdBytes: 256,
  /** Of one field of bytes in an operation; the spec gives none. */
  fieldBytes: 131_072,
  /** Operations that one commit names. */
  operationsPerCommit: 1_024,
} as const

export type GossipLimits = {
  /** Connections in all; the last `reservedForRegistered` are for bundlers of the registry and bootnodes. */
  readonly connections: number
  readonly reservedForRegistered: number
  /** Of strangers behind one address (of IPv6 one /64). */
  readonly connectionsPerAddress: number
  /** Bundlers of the registry that this node keeps a connection to of its own accord. */
  readonly outboundRegistered: number
  /** Bundlers of the registry that are told of each new block. */
  readonly toldOfHead: number
  readonly toldWithinMilliseconds: number
  /** Operations a second that a stranger's address, and a bundler of the registry, may bring; bursts of so many seconds. */
  readonly strangerOperationsPerSecond: number
  readonly registeredOperationsPerSecond: number
  /** Milliseconds a second of validation that comes to nothing. */
  readonly strangerUnpaidMillisecondsPerSecond: number
  readonly registeredUnpaidMillisecondsPerSecond: number
  readonly burstSeconds: number
  /** Requests a second that a peer may make, each costing as much as it asks for. */
  readonly requestsPerSecond: number
  /** Messages that are judged at once for one peer and in all; more are ignored. */
  readonly judgedAtOncePerPeer: number
  readonly judgedAtOnce: number
  /** Of a block that an operation was verified at; older ones are ignored. */
  readonly oldestVerifiedBlocks: number
  /** TTFB_TIMEOUT and RESP_TIMEOUT of the spec. */
  readonly firstByteMilliseconds: number
  readonly responseMilliseconds: number
  /** To connect, prove who one is and agree on what is spoken. */
  readonly dialMilliseconds: number
  readonly redialMilliseconds: number
  readonly longestRedialMilliseconds: number
  /** Between two comparisons with another node. */
  readonly healMilliseconds: number
  readonly banMilliseconds: number
}

export const defaultGossipLimits: GossipLimits = {
  connections: 128,
  reservedForRegistered: 64,
  connectionsPerAddress: 4,
  outboundRegistered: 12,
  toldOfHead: 12,
  toldWithinMilliseconds: 500,
  strangerOperationsPerSecond: 20,
  registeredOperationsPerSecond: 200,
  strangerUnpaidMillisecondsPerSecond: 100,
  registeredUnpaidMillisecondsPerSecond: 200,
  burstSeconds: 10,
  requestsPerSecond: 20,
  judgedAtOncePerPeer: 256,
  judgedAtOnce: 2_048,
  oldestVerifiedBlocks: 64,
  firstByteMilliseconds: 5_000,
  responseMilliseconds: 10_000,
  dialMilliseconds: 10_000,
  redialMilliseconds: 1_000,
  longestRedialMilliseconds: 300_000,
  healMilliseconds: 15_000,
  banMilliseconds: 300_000,
}
