// Who may be connected: so many in all, some places kept for bundlers of the registry and bootnodes, few strangers
// behind one address. Whoever holds the key of a bundler of the registry always finds a place.
import type { Connection, ConnectionGater, MultiaddrConnection, PeerId } from '@libp2p/interface'
import type { GossipLimits } from '../limits.ts'
import type { Conduct } from './conduct.ts'
import type { Roster } from './roster.ts'
import type { GossipSource } from './source.ts'

/** Two that dial each other at once have two. */
const mostConnectionsPerPeer = 2

export function createGater(options: {
  readonly limits: GossipLimits
  /** Known once libp2p is there, which wants the gater first. */
  readonly roster: () => Roster
  readonly conduct: Conduct
  readonly connections: () => readonly Connection[]
}): ConnectionGater {
  const { limits, roster, conduct, connections } = options

  const sourceOf = (connection: Connection): GossipSource =>
    roster().sourceOf(connection.remotePeer.toString(), connection.remoteAddr)

  /** The stranger who has behaved worst, or came last, makes room. */
  function makeRoom(): boolean {
    let worst: Connection | undefined
    let worstPoints = -1
    for (const connection of connections()) {
      const source = sourceOf(connection)
      if (source.isTrusted) continue
      const points = conduct.pointsOf(source)
      if (points >= worstPoints) [worst, worstPoints] = [connection, points]
    }
    worst?.abort(new Error('A bundler of the registry takes its place'))
    return worst !== undefined
  }

  function hasPlaceFor(source: GossipSource): boolean {
    const open = connections()
    const own = open.filter(({ remotePeer }) => remotePeer.toString() === source.peer)
    if (own.length >= mostConnectionsPerPeer) return false
    if (source.isTrusted) return open.length < limits.connections || makeRoom()
    if (open.length >= limits.connections - limits.reservedForRegistered) return false
    const beside = open.filter(connection => sourceOf(connection).caller === source.caller)
    return beside.length < limits.connectionsPerAddress
  }

  return {
    // Where nodes may be dialled is the dialer's to say; libp2p itself asks for no more than that they are not banned.
    denyDialPeer: (peerId: PeerId) => conduct.isBanned(roster().sourceOf(peerId.toString())),
    denyDialMultiaddr: () => false,
    denyInboundEncryptedConnection(peerId: PeerId, connection: MultiaddrConnection) {
      const source = roster().sourceOf(peerId.toString(), connection.remoteAddr)
      return conduct.isBanned(source) || !hasPlaceFor(source)
    },
  }
}
