// Keeps connections to bundlers of the registry, and to bootnodes while there are too few of those. Identity is proven
// by the handshake, so it does not matter who of two dialled.
import type { Connection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Logger } from '@worldland-aa/service/logger'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import type { GossipLimits } from '../limits.ts'
import { neighbourhood } from './addresses.ts'
import type { BackOff } from './backOff.ts'
import { choosePeers } from './choosePeers.ts'
import type { KnownPeer, Roster } from './roster.ts'

const mostDialsAtOnce = 8
const patienceInLooks = 3

export type Dialer = { look(): void; stop(): void }

export function createDialer(options: {
  readonly self: string
  readonly now: () => number
  readonly roster: Roster
  readonly limits: GossipLimits
  readonly backOff: BackOff
  readonly connections: () => readonly Connection[]
  readonly isBanned: (peer: string) => boolean
  readonly dial: (addresses: Multiaddr[], signal: AbortSignal) => Promise<unknown>
  readonly random: () => number
  readonly logger: Logger
}): Dialer {
  const { self, now, roster, limits, backOff, connections, isBanned, logger, random } = options
  const dialling = new Set<string>()
  /** When each of the registry was first met there. */
  let knownSince = new Map<string, number>()
  const stopping = new AbortController()

  /** Of two that learn of each other at once one dials, and the other only if that comes to nothing. */
  function isTurn({ peer, bundlerId }: KnownPeer): boolean {
    const known = now() - (knownSince.get(peer) ?? 0)
    return bundlerId === undefined || self < peer || known >= patienceInLooks * limits.redialMilliseconds
  }

  async function dial({ peer, addresses }: KnownPeer): Promise<void> {
    dialling.add(peer)
    try {
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(limits.dialMilliseconds)])
      await options.dial(
        addresses.map(address => address.encapsulate(`/p2p/${peer}`)),
        signal,
      )
      backOff.succeeded(peer)
    } catch (error) {
      backOff.failed(peer)
      logger.debug({ peer, reason: reasonOf(error) }, 'a peer cannot be reached')
    } finally {
      dialling.delete(peer)
    }
  }

  return {
    look() {
      roster.refresh()
      const open = connections()
      const connected = new Set(open.map(({ remotePeer }) => remotePeer.toString()))
      const registered = roster.registered()
      knownSince = new Map(registered.map(({ peer }) => [peer, knownSince.get(peer) ?? now()]))
      const mayDial = ({ peer, addresses, bundlerId }: KnownPeer): boolean =>
        addresses.length > 0 &&
        isTurn({ peer, addresses, bundlerId }) &&
        !connected.has(peer) &&
        !dialling.has(peer) &&
        backOff.mayTry(peer) &&
        !isBanned(peer)
      const reached = registered.filter(({ peer }) => connected.has(peer) || dialling.has(peer)).length
      const room = mostDialsAtOnce - dialling.size
      const missing = limits.outboundRegistered - reached
      const taken = new Set(open.map(({ remoteAddr }) => neighbourhood(remoteAddr)))
      const chosen = choosePeers(
        registered.filter(mayDial),
        Math.max(0, Math.min(missing, room)),
        taken,
        random,
      )
      // A new node knows nobody else; one with friends leaves the bootnodes to others.
      const bootnodes = missing > 0 ? roster.bootnodes().filter(mayDial) : []
      const all = new Map([...chosen, ...bootnodes].map(peer => [peer.peer, peer]))
      for (const peer of [...all.values()].slice(0, Math.max(0, room))) void dial(peer)
    },
    stop: () => stopping.abort(new Error('The node stops')),
  }
}
