// What goes through the network, and whom it is with.
import { Counter, Gauge, type Registry } from 'prom-client'
import type { TopicName } from './topics.ts'

/** As gossipsub counts, and why an ignored one was not looked at. */
export type Outcome =
  | 'accept'
  | 'ignore'
  | 'reject'
  | 'malformed'
  | 'known'
  | 'old'
  | 'elsewhere'
  | 'overQuota'
  | 'busy'
  | 'outage'

export type GossipMetrics = {
  message(topic: TopicName, outcome: Outcome): void
  bytes(direction: 'in' | 'out', count: number): void
  healed(operations: number): void
  /** A leader was asked for its promise. */
  asked(outcome: 'promised' | 'nothing' | 'failed'): void
}

export function createGossipMetrics(
  registry: Registry,
  read: {
    peers(): { readonly registered: number; readonly strangers: number }
    waiting(): number
    outcasts(): number
  },
): GossipMetrics {
  const registers = [registry]
  new Gauge({
    name: 'bundler_gossip_peers',
    help: 'Peers connected, by kind (registered: bundlers of the registry and bootnodes)',
    labelNames: ['kind'],
    registers,
    collect() {
      const { registered, strangers } = read.peers()
      this.set({ kind: 'registered' }, registered)
      this.set({ kind: 'stranger' }, strangers)
    },
  })
  new Gauge({
    name: 'bundler_gossip_waiting',
    help: 'Messages of peers that are being judged',
    registers,
    collect() {
      this.set(read.waiting())
    },
  })
  new Gauge({
    name: 'bundler_gossip_outcasts',
    help: 'Peers and addresses from which nothing is taken for now',
    registers,
    collect() {
      this.set(read.outcasts())
    },
  })
  const messages = new Counter({
    name: 'bundler_gossip_messages_total',
    help: 'Messages of peers, by topic and verdict',
    labelNames: ['topic', 'verdict'],
    registers,
  })
  const bytes = new Counter({
    name: 'bundler_gossip_bytes_total',
    help: 'Bytes of messages heard and told, compressed, without those of requests',
    labelNames: ['direction'],
    registers,
  })
  const healed = new Counter({
    name: 'bundler_gossip_healed_total',
    help: 'Operations that were missing here and came by asking a peer',
    registers,
  })
  const asked = new Counter({
    name: 'bundler_gossip_asked_total',
    help: 'Operations that a leader was shown before all others, by its answer: promised, nothing, failed (none in time, or no valid one)',
    labelNames: ['outcome'],
    registers,
  })
  return {
    message: (topic, verdict) => messages.inc({ topic, verdict }),
    bytes: (direction, count) => bytes.inc({ direction }, count),
    healed: operations => healed.inc(operations),
    asked: outcome => asked.inc({ outcome }),
  }
}
