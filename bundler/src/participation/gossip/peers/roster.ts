// Who is who: the bundlers of the registry and the bootnodes by their peer ids, everybody else by his address.
import type { Connection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Hex } from 'viem'
import { addressGroup, isLocal, isUnspecified, parseMultiaddr } from './addresses.ts'
import { peerIdOf } from './peerIdentity.ts'
import type { GossipSource } from './source.ts'

export type RegistryPeer = {
  readonly bundlerId: number
  /** 64 bytes x ‖ y. */
  readonly publicKey: Hex
  /** libp2p multiaddrs. */
  readonly addresses: readonly string[]
}

/** Someone whom this node dials of its own accord. */
export type KnownPeer = {
  readonly peer: string
  readonly bundlerId: number | undefined
  readonly addresses: readonly Multiaddr[]
}

export type Roster = {
  /** Takes in what the registry says now. */
  refresh(): void
  sourceOf(peer: string, address?: Multiaddr): GossipSource
  registered(): readonly KnownPeer[]
  bootnodes(): readonly KnownPeer[]
}

const mostAddressesPerPeer = 8

type ReadPeer = {
  /** Undefined where the key is none. */
  readonly peer: string | undefined
  /** As the registry has them. */
  readonly texts: readonly string[]
  readonly addresses: readonly Multiaddr[]
}

export function createRoster(options: {
  readonly self: string
  readonly registryPeers: () => readonly RegistryPeer[]
  readonly bootnodes: readonly string[]
  /** Whether addresses are dialled that nobody outside this network knows. */
  readonly dialsLocally: boolean
  readonly connectionsOf: (peer: string) => readonly Pick<Connection, 'remoteAddr'>[]
}): Roster {
  const { self, dialsLocally } = options
  const bootnodes = readBootnodes(options.bootnodes, self)
  const bootnodeIds = new Set(bootnodes.map(({ peer }) => peer))
  /** By public key: peer ids and addresses take some work, and a thousand bundlers are looked through every second. */
  let read = new Map<Hex, ReadPeer>()
  let registered = new Map<string, KnownPeer>()

  function mayDial(address: Multiaddr): boolean {
    return !isUnspecified(address) && (dialsLocally || !isLocal(address))
  }

  function readPeer({ publicKey, addresses }: RegistryPeer): ReadPeer {
    const known = read.get(publicKey)
    const texts = addresses.slice(0, mostAddressesPerPeer)
    const isSame = known?.texts.length === texts.length && texts.every((one, at) => one === known.texts[at])
    if (known !== undefined && isSame) return known
    const dialled = texts.map(text => withoutPeer(parseMultiaddr(text)))
    return {
      peer: known === undefined ? peerIdOf(publicKey) : known.peer,
      texts,
      addresses: dialled.filter(address => address !== undefined).filter(mayDial),
    }
  }

  return {
    refresh() {
      const seen = new Map<Hex, ReadPeer>()
      const peers = new Map<string, KnownPeer>()
      for (const registryPeer of options.registryPeers()) {
        const one = readPeer(registryPeer)
        seen.set(registryPeer.publicKey, one)
        const { peer, addresses } = one
        if (peer === undefined || peer === self) continue
        peers.set(peer, { peer, bundlerId: registryPeer.bundlerId, addresses })
      }
      read = seen
      registered = peers
    },
    sourceOf(peer, address = options.connectionsOf(peer)[0]?.remoteAddr) {
      const bundlerId = registered.get(peer)?.bundlerId
      const isTrusted = bundlerId !== undefined || bootnodeIds.has(peer)
      const caller = isTrusted || address === undefined ? `p2p ${peer}` : `p2p ${addressGroup(address)}`
      return { peer, caller, bundlerId, isTrusted }
    },
    registered: () => [...registered.values()],
    bootnodes: () => bootnodes,
  }
}

/** The registry says by the key who is at an address; what the address says of it is left out. */
function withoutPeer(address: Multiaddr | undefined): Multiaddr | undefined {
  const peerCode = address?.getComponents().find(({ name }) => name === 'p2p')?.code
  return peerCode === undefined ? address : address?.decapsulateCode(peerCode)
}

/** Of one node there may be several addresses; each names its peer id. */
function readBootnodes(texts: readonly string[], self: string): readonly KnownPeer[] {
  const byPeer = new Map<string, Multiaddr[]>()
  for (const text of texts) {
    const address = parseMultiaddr(text)
    const peer = address?.getComponents().findLast(({ name }) => name === 'p2p')?.value
    if (address === undefined || peer === undefined) {
      throw new Error(`${text} is no bootnode: it must be a multiaddr that ends in /p2p/ and a peer id`)
    }
    const bare = withoutPeer(address)
    if (peer !== self && bare !== undefined) byPeer.set(peer, [...(byPeer.get(peer) ?? []), bare])
  }
  return [...byPeer].map(([peer, addresses]) => ({ peer, bundlerId: undefined, addresses }))
}
