// The libp2p node: TCP, noise and yamux or mplex, and gossipsub v1.1 as the bundler-spec asks for it (StrictNoSign,
// validation before anything is passed on).
import { type GossipSub, gossipsub } from '@libp2p/gossipsub'
import { createPeerScoreParams, createTopicScoreParams } from '@libp2p/gossipsub/score'
import { identify } from '@libp2p/identify'
import type { ConnectionGater, Libp2p, PrivateKey } from '@libp2p/interface'
import { mplex } from '@libp2p/mplex'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p, type Libp2pOptions } from 'libp2p'
import { mostCompressedBytes } from './codec/snappyBlock.ts'
import { type GossipLimits, wireLimits } from './limits.ts'
import { messageIdOf } from './messageId.ts'
import { graylistedFrom } from './peers/conduct.ts'

/** How nodes reach each other; whatever is not given is that of the spec. */
export type Transports = Partial<
  Pick<Libp2pOptions, 'transports' | 'connectionEncrypters' | 'streamMuxers' | 'connectionMonitor'>
>

/** What gossipsub can, beyond what its type says. */
type Router = GossipSub & {
  reportMessageValidationResult(id: string, from: string, verdict: 'accept' | 'ignore' | 'reject'): void
  getScore(peer: string): number
  readonly streamsInbound: ReadonlyMap<string, unknown>
  readonly streamsOutbound: ReadonlyMap<string, unknown>
}

export type Node = Libp2p & { readonly services: { readonly pubsub: Router } }

export type NodeOptions = {
  readonly privateKey: PrivateKey
  readonly listen: readonly string[]
  readonly announce: readonly string[]
  readonly topics: readonly string[]
  readonly gater: ConnectionGater
  readonly limits: GossipLimits
  readonly transports: Transports
  /** Throws on what is malformed, which counts against its peer. */
  uncompress(topic: string, data: Uint8Array): Uint8Array
  compress(topic: string, data: Uint8Array): Uint8Array
  /** The lower, the worse; gossipsub takes nothing from `-graylistedFrom` on. */
  scoreOf(peer: string): number
}

/** A peer may answer with several messages at once; no frame is longer. */
const mostRpcBytes = 2 * mostCompressedBytes(wireLimits.messageBytes)
/** What a peer that reads slowly has not taken yet; more cuts it off. */
const mostUnreadBytes = 4 * 1_048_576
/** A message that is being judged waits so many heartbeats of a second, and can then still be passed on. */
const judgedWithinHeartbeats = 20

/** Not started yet. */
export async function createNode(options: NodeOptions): Promise<Node> {
  const { limits, topics } = options
  const node = await createLibp2p({
    start: false,
    privateKey: options.privateKey,
    addresses: { listen: [...options.listen], announce: [...options.announce] },
    transports: [tcp({ maxConnections: limits.connections * 2 })],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({ maxInboundStreams: 64 }), mplex({ maxMessageSize: mostRpcBytes })],
    ...options.transports,
    connectionGater: options.gater,
    connectionManager: {
      // The gater keeps within the limit; what is above it would be closed by libp2p's own choice.
      maxConnections: limits.connections * 2,
      inboundConnectionThreshold: Math.max(5, limits.connectionsPerAddress),
      maxIncomingPendingConnections: Math.max(16, limits.connectionsPerAddress),
      reconnectRetries: 0,
      dialTimeout: limits.dialMilliseconds,
      addressDialTimeout: limits.dialMilliseconds,
      inboundUpgradeTimeout: limits.dialMilliseconds,
      inboundStreamProtocolNegotiationTimeout: limits.dialMilliseconds,
      outboundStreamProtocolNegotiationTimeout: limits.dialMilliseconds,
    },
    services: {
      // Without its answer gossipsub never learns of the peer.
      identify: identify({ timeout: limits.dialMilliseconds }),
      pubsub: gossipsub({
        globalSignaturePolicy: 'StrictNoSign',
        asyncValidation: true,
        emitSelf: false,
        fallbackToFloodsub: false,
        allowPublishToZeroTopicPeers: true,
        ignoreDuplicatePublishError: true,
        // Encoded once for all.
        batchPublish: true,
        allowedTopics: [...topics],
        msgIdFn: ({ topic, data }) => messageIdOf(topic, data),
        dataTransform: { inboundTransform: options.uncompress, outboundTransform: options.compress },
        mcacheLength: judgedWithinHeartbeats,
        maxInboundDataLength: mostRpcBytes,
        maxOutboundBufferSize: mostUnreadBytes,
        decodeRpcLimits: {
          maxSubscriptions: 128,
          maxMessages: 512,
          maxIhaveMessageIDs: 2_000,
          maxIwantMessageIDs: 2_000,
          maxIdontwantMessageIDs: 512,
          maxControlMessages: 256,
          maxPeerInfos: 0,
        },
        scoreParams: scoreParameters(topics, options.scoreOf),
        scoreThresholds: {
          gossipThreshold: -graylistedFrom / 3,
          publishThreshold: -graylistedFrom / 2,
          graylistThreshold: -graylistedFrom,
          acceptPXThreshold: 1_000,
          opportunisticGraftThreshold: 1,
        },
      }),
    },
  })
  return node as unknown as Node
}

/**
 * Beside our own count (P5) gossipsub adds what only it sees: frames that cannot be uncompressed (P4), and who grafts
 * too soon or breaks promises (P7). Bundlers are few and quiet, so nobody is punished for having little to tell (P3),
 * and addresses are counted by the gater (P6).
 */
function scoreParameters(topics: readonly string[], scoreOf: (peer: string) => number) {
  const topicParameters = createTopicScoreParams({
    topicWeight: 1,
    timeInMeshWeight: 0.01,
    timeInMeshQuantum: 1_000,
    timeInMeshCap: 100,
    firstMessageDeliveriesWeight: 0.1,
    firstMessageDeliveriesDecay: 0.9,
    firstMessageDeliveriesCap: 50,
    meshMessageDeliveriesWeight: 0,
    meshFailurePenaltyWeight: 0,
    invalidMessageDeliveriesWeight: -1,
    invalidMessageDeliveriesDecay: 0.95,
  })
  return createPeerScoreParams({
    topics: Object.fromEntries(topics.map(topic => [topic, topicParameters])),
    topicScoreCap: 10,
    appSpecificScore: scoreOf,
    appSpecificWeight: 1,
    IPColocationFactorWeight: 0,
    behaviourPenaltyWeight: -1,
    behaviourPenaltyThreshold: 6,
    behaviourPenaltyDecay: 0.95,
    decayInterval: 1_000,
    retainScore: 300_000,
  })
}
