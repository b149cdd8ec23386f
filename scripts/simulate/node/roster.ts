// Who has anything to do now? Of a thousand bundlers most sleep until their turn comes near.
import type { Calibration } from '../calibration.ts'
import type { Branch, Chain } from '../chain/chain.ts'
import type { Registry } from '../registry/registry.ts'
import { type BundlerNode, isGreedy } from './bundlerNode.ts'

export type Roster = {
  /** On that branch: who leads now or next or stands in, who has something in flight, and who acts whoever leads. */
  concerned(branch: Branch): readonly BundlerNode[]
  /** It has acted: it may have something in flight, or be down. */
  acted(node: BundlerNode): void
  /** Brings back who has been down for long enough. */
  revive(height: number, seconds: number): void
}

export function createRoster(options: {
  nodes: readonly BundlerNode[]
  chain: Chain
  registry: Registry
  terms: Calibration['terms']
}): Roster {
  const { nodes, chain, registry, terms } = options
  const restless = nodes.filter(node => isGreedy(node) || node.lagBlocks > 0)
  const flying = new Set<BundlerNode>()
  const down = new Set<BundlerNode>()
  /** In one window as many can stand in, and the next leader promises. */
  const ranks = Math.ceil(terms.windowBlocks / terms.fallbackBlocks) + 1

  return {
    concerned(branch) {
      const schedule = registry.scheduleAt(branch, branch.tip.height)
      const next = BigInt(branch.tip.height + 1)
      const isOpen = schedule.standingOf(0, next) === 'open'
      const scheduled = Array.from({ length: ranks }, (_, rank) => schedule.leaderAt(next, rank)).flatMap(
        id => nodes[id - 1] ?? [],
      )
      const all = isOpen ? nodes : [...scheduled, ...restless, ...flying]
      return [...new Set(all)].filter(node => chain.branchOf(node.place) === branch)
    },
    acted(node) {
      if (node.flights.length > 0) flying.add(node)
      else flying.delete(node)
      if (node.down !== undefined) down.add(node)
    },
    revive(height, seconds) {
      for (const node of down) {
        if (node.down === undefined || node.down.untilHeight > height) continue
        node.downtimes.push({ from: node.down.sinceSeconds, to: seconds })
        node.down = undefined
        down.delete(node)
      }
    },
  }
}
