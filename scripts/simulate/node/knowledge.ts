// Since when does a bundler know of an operation? Reckoned when it is asked for: nobody keeps a list of what a thousand know.
import type { Calibration } from '../calibration.ts'
import type { Network } from '../network.ts'
import type { Operation } from '../operations.ts'
import type { BundlerNode } from './bundlerNode.ts'

/** Seconds; infinite where it never will, as things stand. */
export type KnownAt = (node: BundlerNode, operation: Operation) => number

export function createKnowledge(options: { network: Network; calibration: Calibration }): KnownAt {
  const { network, calibration } = options
  const { validationSeconds } = calibration.node
  const { recoverySeconds } = calibration.network

  return (node, operation) => {
    const { entry, index, sentAt } = operation
    if (entry === node.place) return sentAt + validationSeconds
    if (operation.publishedAt === Number.POSITIVE_INFINITY) return operation.publishedAt
    const published = operation.publishedAt + validationSeconds
    const message = { subject: 'operation', number: index, from: entry, to: node.place } as const
    const at = network.gossipAt({ ...message, seconds: published }) + validationSeconds
    // Who was away asks the others for what waits when it is back.
    const downtime = node.downtimes.find(({ from, to }) => at >= from && at < to)
    return downtime === undefined ? at : downtime.to + recoverySeconds
  }
}

/** When a message that is said once reaches a node; infinite where it is not there to hear it. */
export function heardAt({ downtimes }: BundlerNode, at: number): number {
  return downtimes.some(({ from, to }) => at >= from && at < to) ? Number.POSITIVE_INFINITY : at
}
