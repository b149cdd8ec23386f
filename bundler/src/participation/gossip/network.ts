// The running network: the libp2p node and all that decides about peers and messages, put together. Loaded with libp2p.
import type { Connection } from '@libp2p/interface'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import type { Hash } from 'viem'
import type { ValidatedOperation } from '../../validation/validatedOperation.ts'
import { createOperationCodec } from './codec/operationCodec.ts'
import { compressBlock, mostCompressedBytes, uncompressBlock } from './codec/snappyBlock.ts'
import { createDirectPromises } from './directPromises.ts'
import type { GossipOptions } from './gossipOptions.ts'
import { createGreeting } from './greeting.ts'
import { createHealing } from './healing.ts'
import { createInbox } from './inbox.ts'
import { defaultGossipLimits, wireLimits } from './limits.ts'
import { mempoolIdsOf } from './mempools/mempoolIdsOf.ts'
import type { SignedBundleCommit, SignedInclusionPromise } from './messages.ts'
import { createGossipMetrics } from './metrics.ts'
import { createNode } from './node.ts'
import { createOutbox } from './outbox.ts'
import { isLocal, parseMultiaddr } from './peers/addresses.ts'
import { createBackOff } from './peers/backOff.ts'
import { createConduct, type Fault, graylistedFrom } from './peers/conduct.ts'
import { createDialer } from './peers/dialer.ts'
import { createGater } from './peers/gater.ts'
import { nodeKeyOf, peerIdOfKey } from './peers/peerIdentity.ts'
import type { PeerStatus } from './peers/peerStatus.ts'
import { createQuotas } from './peers/quotas.ts'
import { createRoster, type Roster } from './peers/roster.ts'
import type { GossipSource } from './peers/source.ts'
import { sayGoodbye } from './requests/ask.ts'
import { createHandlers } from './requests/handlers.ts'
import { goodbyeReason } from './requests/protocols.ts'
import { serveRequests } from './requests/server.ts'
import { topicsOf } from './topics.ts'

export type Network = {
  publishOperation(validated: ValidatedOperation): void
  publishCommit(commit: SignedBundleCommit): void
  publishPromise(promise: SignedInclusionPromise): void
  askPromise(validated: ValidatedOperation, bundlerIds: readonly number[]): Promise<void>
  prepareToAsk(bundlerIds: readonly number[]): void
  isAsked(operation: Hash): boolean
  tellHead(): void
  peers(): readonly PeerStatus[]
  addresses(): readonly string[]
  stop(): Promise<void>
}

const sweepMilliseconds = 1_000
const goodbyeMilliseconds = 1_000
/** Peers that are of no use here are not dialled for so long. */
const shunMilliseconds = 600_000

export async function startNetwork(options: GossipOptions): Promise<Network> {
  const { logger, clock, mempools } = options
  const limits = { ...defaultGossipLimits, ...options.limits }
  const topics = topicsOf(mempools)
  const codec = createOperationCodec(options)
  const privateKey = nodeKeyOf(options.nodeKey)
  const self = peerIdOfKey(privateKey)
  const conduct = createConduct({ banMilliseconds: limits.banMilliseconds, clock })
  const quotas = createQuotas(limits, clock)
  const backOff = createBackOff({
    firstMilliseconds: limits.redialMilliseconds,
    longestMilliseconds: limits.longestRedialMilliseconds,
    now: clock.now,
    random: Math.random,
  })
  const stopping = new AbortController()
  const { signal } = stopping
  const connections = (): Connection[] => node.getConnections()
  const connectionsOf = (peer: string): Connection[] =>
    connections().filter(({ remotePeer }) => remotePeer.toString() === peer)
  const roster: Roster = createRoster({
    self,
    registryPeers: options.registryPeers,
    bootnodes: options.bootnodes,
    dialsLocally: [...options.listen, ...options.announce].some(text => {
      const address = parseMultiaddr(text)
      return address !== undefined && isLocal(address)
    }),
    connectionsOf,
  })
  const metrics = createGossipMetrics(options.registry, {
    peers() {
      const sources = onePerPeer(connections()).map(sourceOf)
      const registered = sources.filter(({ isTrusted }) => isTrusted).length
      return { registered, strangers: sources.length - registered }
    },
    waiting: () => inbox.waiting(),
    outcasts: conduct.outcasts,
  })

  const node = await createNode({
    privateKey,
    listen: options.listen,
    announce: options.announce,
    topics: [...topics.keys()],
    limits,
    gater: createGater({ limits, roster: () => roster, conduct, connections }),
    transports: options.transports ?? {},
    compress(_, data) {
      const block = compressBlock(data)
      metrics.bytes('out', block.length)
      return block
    },
    uncompress(topic, data) {
      metrics.bytes('in', data.length)
      const owner = topics.get(topic)
      const read =
        data.length > mostCompressedBytes(wireLimits.messageBytes)
          ? undefined
          : uncompressBlock(data, wireLimits.messageBytes)
      if (read?.ok === true) return read.value
      if (owner !== undefined) metrics.message(owner.name, 'malformed')
      throw new Error(read?.problem ?? `the message is larger than ${wireLimits.messageBytes} bytes`)
    },
    scoreOf(peer) {
      const source = roster.sourceOf(peer)
      return (source.isTrusted ? 10 : 0) - conduct.pointsOf(source)
    },
  })
  const { pubsub } = node.services

  function sourceOf(connection: Connection): GossipSource {
    return roster.sourceOf(connection.remotePeer.toString(), connection.remoteAddr)
  }

  function cutOff(source: GossipSource): void {
    for (const connection of connections()) {
      if (sourceOf(connection).caller !== source.caller) continue
      logger.info({ peer: connection.remotePeer.toString() }, 'a peer is cut off for what it did')
      const leaving = AbortSignal.timeout(goodbyeMilliseconds)
      void sayGoodbye({ connection, signal: leaving, limits }, goodbyeReason.fault).finally(() =>
        connection.abort(new Error('Too many faults')),
      )
    }
  }

  function onFault(source: GossipSource, fault: Fault): void {
    if (conduct.note(source, fault)) cutOff(source)
  }

  function onPeerHead(peer: string, head: bigint | undefined): void {
    const { bundlerId } = roster.sourceOf(peer)
    if (bundlerId !== undefined) options.onPeerHead?.(bundlerId, head)
  }

  const stage = { ...options, codec, limits, quotas, metrics, onFault }
  const inbox = createInbox(stage)
  const direct = createDirectPromises({
    ...stage,
    inbox,
    sourceOf,
    connectionTo: bundlerId => connections().find(one => sourceOf(one).bundlerId === bundlerId),
  })
  const healing = createHealing({ ...stage, inbox, sourceOf })
  const greeting = createGreeting({
    ...stage,
    onHead: onPeerHead,
    isTrusted: peer => roster.sourceOf(peer).isTrusted,
    shun: peer => backOff.shun(peer, shunMilliseconds),
    failed: backOff.failed,
  })
  const outbox = createOutbox({
    ...stage,
    publish: (topic, bytes) => pubsub.publish(topic, bytes),
    subscribersOf: topic => pubsub.getSubscribers(topic).map(String),
  })
  const dialer = createDialer({
    self,
    now: clock.now,
    roster,
    limits,
    backOff,
    connections,
    isBanned: peer => conduct.isBanned(roster.sourceOf(peer)),
    dial: (addresses, dialSignal) => node.dial(addresses, { signal: dialSignal }),
    random: Math.random,
    logger,
  })

  pubsub.addEventListener('gossipsub:message', ({ detail: { msgId, msg, propagationSource } }) => {
    const topic = topics.get(msg.topic)
    if (topic === undefined) return
    const peer = propagationSource.toString()
    void inbox.judge(topic, msg.data, roster.sourceOf(peer)).then(({ verdict, validated }) => {
      pubsub.reportMessageValidationResult(msgId, peer, verdict)
      if (validated === undefined) return
      if (verdict === 'accept') outbox.passOn(validated, topic.mempoolId)
      else outbox.operation(validated)
    })
  })
  node.addEventListener('peer:connect', ({ detail }) => {
    const [connection] = connectionsOf(detail.toString())
    if (connection !== undefined) void meet(connection)
  })
  // Two that dial each other at once have two connections, and gossipsub its streams on one of them: with that one gone
  // they would be connected and tell each other nothing.
  node.addEventListener('connection:close', ({ detail }) => {
    for (const connection of connectionsOf(detail.remotePeer.toString())) {
      if (connection.id !== detail.id) connection.abort(new Error('Another connection to this peer is gone'))
    }
  })
  node.addEventListener('peer:disconnect', ({ detail }) => {
    greeting.forget(detail.toString())
    onPeerHead(detail.toString(), undefined)
  })

  const meeting = new Set<string>()
  async function meet(connection: Connection): Promise<void> {
    const peer = connection.remotePeer.toString()
    if (meeting.has(peer)) return
    meeting.add(peer)
    try {
      if (await greeting.greet(connection, signal)) await healing.compareWith(connection, signal)
    } catch (error) {
      logger.debug({ reason: reasonOf(error) }, 'a peer was lost while it was met')
    } finally {
      meeting.delete(peer)
    }
  }

  /** Whom gossipsub has graylisted for what only it sees goes as well. */
  function sweep(): void {
    for (const connection of connections()) {
      const source = sourceOf(connection)
      if (pubsub.getScore(source.peer) >= -graylistedFrom && !conduct.isBanned(source)) continue
      conduct.ban(source)
      cutOff(source)
    }
  }

  /**
   * gossipsub opens its streams once, when identify has told it of the peer. Where that came to nothing the two are
   * connected and deaf to each other, until they meet anew.
   */
  function partFromDeaf(): void {
    for (const connection of onePerPeer(connections())) {
      const peer = connection.remotePeer.toString()
      const isOld = Date.now() - connection.timeline.open > 2 * limits.dialMilliseconds
      if (!isOld || (pubsub.streamsInbound.has(peer) && pubsub.streamsOutbound.has(peer))) continue
      backOff.failed(peer)
      connection.abort(new Error('It does not gossip'))
    }
  }

  function healWithSomebody(): void {
    const open = onePerPeer(connections())
    for (const connection of open) {
      if (greeting.acquaintanceOf(connection.remotePeer.toString()) === undefined) void meet(connection)
    }
    const trusted = open.filter(connection => sourceOf(connection).isTrusted)
    const among = trusted.length > 0 ? trusted : open
    const connection = among[Math.floor(Math.random() * among.length)]
    if (connection !== undefined) void healing.compareWith(connection, signal).catch(() => undefined)
  }

  /**
   * By lot: each hears of the newest block from several, and none from all. One question tells both sides; all see the block
   * at nearly the same time, so each waits for a moment of its own, and asks nobody who has told it meanwhile.
   */
  function tellHead(): void {
    const head = options.head().number
    const registered = onePerPeer(connections()).filter(one => sourceOf(one).bundlerId !== undefined)
    const lots = registered.map(connection => ({ connection, lot: Math.random() }))
    lots.sort((one, other) => one.lot - other.lot)
    for (const { connection } of lots.slice(0, limits.toldOfHead)) {
      const tell = (): void => {
        const told = greeting.acquaintanceOf(connection.remotePeer.toString())?.headBlock
        if (signal.aborted || (told !== undefined && told >= head)) return
        const telling = AbortSignal.any([signal, AbortSignal.timeout(limits.responseMilliseconds)])
        void greeting.tellHead(connection, telling).catch(() => undefined)
      }
      setTimeout(tell, Math.random() * limits.toldWithinMilliseconds).unref()
    }
  }

  await serveRequests({
    libp2p: node,
    handlers: createHandlers({
      ...stage,
      servedBy(peer) {
        const told = greeting.acquaintanceOf(peer)?.mempools ?? []
        return told.length > 0 ? told : mempoolIdsOf(mempools, {})
      },
      onStatus: greeting.onStatus,
      onGoodbye(_, connection) {
        backOff.failed(connection.remotePeer.toString())
      },
      promiseOn: (operation, connection) => direct.answer(operation, sourceOf(connection)),
    }),
    limits,
    mayAsk(peer, cost) {
      const source = roster.sourceOf(peer)
      const may = quotas.takeRequest(source, cost)
      if (!may) onFault(source, 'overQuota')
      return may
    },
    onMalformed: peer => onFault(roster.sourceOf(peer), 'badRequest'),
    logger,
  })
  roster.refresh()
  await node.start()
  for (const topic of topics.keys()) pubsub.subscribe(topic)
  dialer.look()
  const timers = [
    setInterval(dialer.look, limits.redialMilliseconds),
    setInterval(sweep, sweepMilliseconds),
    setInterval(partFromDeaf, limits.healMilliseconds),
    setInterval(healWithSomebody, limits.healMilliseconds),
  ]
  const addresses = (): string[] => node.getMultiaddrs().map(String)
  logger.info({ peerId: self, addresses: addresses() }, 'the network between bundlers is open')

  return {
    publishOperation: outbox.operation,
    publishCommit: outbox.commit,
    publishPromise: outbox.promise,
    askPromise: (validated, bundlerIds) => direct.ask(validated, bundlerIds, signal),
    prepareToAsk(bundlerIds) {
      void direct.prepare(bundlerIds, signal).catch(error => {
        logger.debug({ reason: reasonOf(error) }, 'a leader cannot be asked for promises directly')
      })
    },
    isAsked: direct.isAsked,
    tellHead,
    peers() {
      const operationTopics = [...topics].filter(([, { name }]) => name === 'user_operation')
      const listening = new Set(
        operationTopics.flatMap(([topic]) => pubsub.getSubscribers(topic).map(String)),
      )
      return onePerPeer(connections()).map(connection => {
        const source = sourceOf(connection)
        const acquaintance = greeting.acquaintanceOf(source.peer)
        return {
          peerId: source.peer,
          bundlerId: source.bundlerId,
          address: connection.remoteAddr.toString(),
          direction: connection.direction,
          isListening: listening.has(source.peer),
          headBlock: acquaintance?.headBlock,
          mempools: acquaintance?.mempools ?? [],
          faultPoints: Math.round(conduct.pointsOf(source)),
        }
      })
    },
    addresses,
    async stop() {
      for (const timer of timers) clearInterval(timer)
      dialer.stop()
      const leaving = AbortSignal.timeout(goodbyeMilliseconds)
      await Promise.all(
        connections().map(connection =>
          sayGoodbye({ connection, signal: leaving, limits }, goodbyeReason.shutdown),
        ),
      )
      stopping.abort(new Error('The node stops'))
      await node.stop()
    },
  }
}

function onePerPeer(connections: readonly Connection[]): Connection[] {
  return [...new Map(connections.map(connection => [connection.remotePeer.toString(), connection])).values()]
}
