// A peer that keeps to no rule: libp2p and gossipsub as they come, without validation, and streams to write anything to.
import { type GossipSub, gossipsub } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { createOperationCodec } from '../codec/operationCodec.ts'
import { compressBlock } from '../codec/snappyBlock.ts'
import { nodeKeyOf } from '../peers/peerIdentity.ts'
import { createHandlers } from '../requests/handlers.ts'
import { protocolOf, type RequestName } from '../requests/protocols.ts'
import { serveRequests } from '../requests/server.ts'
import { createTestNode, type TestNode, testKey } from './gossipNodes.ts'

export type HostilePeer = {
  readonly libp2p: Libp2p
  readonly addresses: readonly string[]
  connect(node: TestNode): Promise<Connection>
  isConnected(node: TestNode): boolean
  /** As it is, to all who are subscribed; `compressed` says that it is a snappy block already. */
  tell(topic: string, bytes: Uint8Array, compressed?: 'compressed'): Promise<void>
  /** A stream on which nothing is sent yet. */
  open(node: TestNode, name: RequestName): Promise<Stream>
  stop(): Promise<void>
}

/** Answers requests politely, as number `index` of the series of keys. */
export async function startHostilePeer(index: number, topics: readonly string[]): Promise<HostilePeer> {
  const { options } = createTestNode(index)
  const libp2p = await createLibp2p({
    privateKey: nodeKeyOf(testKey(index)),
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: { inboundConnectionThreshold: 1_000, maxIncomingPendingConnections: 1_000 },
    services: {
      identify: identify(),
      pubsub: gossipsub({
        globalSignaturePolicy: 'StrictNoSign',
        allowPublishToZeroTopicPeers: true,
        ignoreDuplicatePublishError: true,
        // Each time another id, so that nothing that it repeats is held back on its side.
        msgIdFn: () => crypto.getRandomValues(new Uint8Array(20)),
        floodPublish: true,
      }),
    },
  })
  const pubsub = libp2p.services.pubsub as GossipSub
  await serveRequests({
    libp2p,
    handlers: createHandlers({
      ...options,
      codec: createOperationCodec(options),
      servedBy: () => options.mempools.map(({ id }) => id),
      onStatus: () => undefined,
      onGoodbye: () => undefined,
      promiseOn: async () => undefined,
    }),
    limits: { responseMilliseconds: 60_000 },
    mayAsk: () => true,
    onMalformed: () => undefined,
    logger: options.logger,
  })
  for (const topic of topics) pubsub.subscribe(topic)
  const connectionTo = ({ gossip }: TestNode): Connection | undefined =>
    libp2p
      .getConnections()
      .find(({ remotePeer }) => gossip.addresses().some(address => address.endsWith(remotePeer.toString())))
  return {
    libp2p,
    addresses: libp2p.getMultiaddrs().map(String),
    connect: node => libp2p.dial(node.gossip.addresses().map(address => multiaddr(address))),
    isConnected: node => connectionTo(node) !== undefined,
    async tell(topic, bytes, compressed) {
      await pubsub.publish(topic, compressed === undefined ? compressBlock(bytes) : bytes)
    },
    async open(node, name) {
      const connection = connectionTo(node)
      if (connection === undefined) throw new Error('It is not connected')
      return await connection.newStream(protocolOf(name))
    },
    async stop() {
      await libp2p.stop()
    },
  }
}
