// How long messages take, and whom they do not reach. Every delay is a draw by name: the same whenever it is asked for.
import type { Calibration } from './calibration.ts'
import { drawOf, normalOf } from './random.ts'

/** What a gossip message is about; its number among those. */
export type Subject = 'operation' | 'commit' | 'promise'

export type Network = {
  /** When node `to` has what node `from` publishes at that time. */
  gossipAt(message: { subject: Subject; number: number; from: number; to: number; seconds: number }): number
  /** When the miners have a transaction that is broadcast at that time. */
  transactionAt(number: number, seconds: number): number
  /** When a node has a block that was found at that time. */
  blockAt(block: { number: number; seconds: number }, node: number): number
  /** Nodes hear only those of their own half between the two times. */
  partition(fromSeconds: number, toSeconds: number): void
}

const subjects: Readonly<Record<Subject | 'loss' | 'transaction' | 'block' | 'half', number>> = {
  operation: 1,
  commit: 2,
  promise: 3,
  loss: 4,
  transaction: 5,
  block: 6,
  half: 7,
}

export function createNetwork(calibration: Calibration, seed: number): Network {
  const figures = calibration.network
  let parted = { from: Number.POSITIVE_INFINITY, to: Number.POSITIVE_INFINITY }

  function logNormal(median: number, sigma: number, normal: number): number {
    return median * Math.exp(sigma * normal)
  }

  function halfOf(node: number): number {
    return drawOf(seed, subjects.half, node) < 0.5 ? 0 : 1
  }

  return {
    gossipAt({ subject, number, from, to, seconds }) {
      if (from === to) return seconds
      const normal = normalOf(seed, subjects[subject], number, to)
      const isLost = drawOf(seed, subjects.loss + subjects[subject], number, to) < figures.gossipLossRate
      const wait = isLost ? figures.recoverySeconds : 0
      const at = seconds + wait + logNormal(figures.gossipMedianSeconds, figures.gossipSigma, normal)
      const isParted = seconds < parted.to && at >= parted.from && halfOf(from) !== halfOf(to)
      if (!isParted) return at
      // Operations are asked for when the halves meet again; what was said about them before is not.
      return subject === 'operation' ? parted.to + figures.recoverySeconds : Number.POSITIVE_INFINITY
    },
    transactionAt(number, seconds) {
      const normal = normalOf(seed, subjects.transaction, number)
      return seconds + logNormal(figures.transactionMedianSeconds, figures.transactionSigma, normal)
    },
    blockAt({ number, seconds }, node) {
      const normal = normalOf(seed, subjects.block, number, node)
      return seconds + logNormal(figures.blockMedianSeconds, figures.blockSigma, normal)
    },
    partition(fromSeconds, toSeconds) {
      parted = { from: fromSeconds, to: toSeconds }
    },
  }
}
