// Two commits of one sequence: proven by whoever holds both.
import type { Network } from '../network.ts'
import { type BundlerNode, isAway } from '../node/bundlerNode.ts'
import { heardAt } from '../node/knowledge.ts'

export type Equivocations = {
  readonly counts: { signed: number; provable: number; fined: number }
  signed(node: BundlerNode, commits: readonly [number, number], seconds: number): void
  /** The court hears what has been witnessed until then. */
  settled(seconds: number): void
}

type Equivocation = {
  readonly node: BundlerNode
  readonly commits: readonly [number, number]
  readonly seconds: number
}

/** For so long a witness may be away before it reports. */
const patienceSeconds = 3_600

export function createEquivocations(options: {
  nodes: readonly BundlerNode[]
  network: Network
  fine: (node: BundlerNode, reporter: BundlerNode) => void
}): Equivocations {
  const { nodes, network } = options
  const counts = { signed: 0, provable: 0, fined: 0 }
  let open: Equivocation[] = []

  function holdsBothAt(witness: BundlerNode, { node, commits, seconds }: Equivocation): number {
    const times = commits.map(number => {
      const message = { subject: 'commit', number, from: node.place, to: witness.place, seconds } as const
      return heardAt(witness, network.gossipAt(message))
    })
    return Math.max(...times)
  }

  return {
    counts,
    signed(node, commits, seconds) {
      counts.signed++
      open.push({ node, commits, seconds })
    },
    settled(now) {
      open = open.filter(equivocation => {
        const { node, seconds } = equivocation
        const isWitness = (other: BundlerNode): boolean =>
          other !== node && other.behaviour === 'honest' && holdsBothAt(other, equivocation) <= now
        const reporter = nodes.find(other => isWitness(other) && !isAway(other))
        if (reporter === undefined) return now - seconds < patienceSeconds
        counts.provable++
        counts.fined++
        options.fine(node, reporter)
        return false
      })
    },
  }
}
