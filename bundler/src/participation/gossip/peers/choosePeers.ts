// Whom of the registry to dial next: by lot, and no two from one neighbourhood while there are others. So a node that
// hears only hostile peers comes upon honest ones by itself, whatever it is told.
import { neighbourhood } from './addresses.ts'
import type { KnownPeer } from './roster.ts'

export function choosePeers(
  candidates: readonly KnownPeer[],
  count: number,
  /** Neighbourhoods in which there is a connection already. */
  taken: ReadonlySet<string>,
  random: () => number,
): readonly KnownPeer[] {
  const lots = candidates.map(peer => ({ peer, lot: random() })).sort((one, other) => one.lot - other.lot)
  const chosen: KnownPeer[] = []
  const left: KnownPeer[] = []
  const seen = new Set(taken)
  for (const { peer } of lots) {
    const [address] = peer.addresses
    if (address === undefined) continue
    const place = neighbourhood(address)
    if (chosen.length < count && !seen.has(place)) {
      seen.add(place)
      chosen.push(peer)
    } else left.push(peer)
  }
  return [...chosen, ...left].slice(0, count)
}
