// Who has signed for which operation, and who has heard of it.
import type { Commitment } from '@worldland-aa/bundler/participation/policy/turnPolicy'
import type { Network } from '../network.ts'
import type { Operation } from '../operations.ts'
import type { BundlerNode } from './bundlerNode.ts'
import { heardAt } from './knowledge.ts'

type Commit = Commitment & { readonly number: number; readonly node: number; readonly seconds: number }

export type CommitBook = {
  /** The commit's number. */
  sign(node: BundlerNode, window: bigint, operations: readonly Operation[], seconds: number): number
  /** The newest of another's windows that this node has heard of. */
  committedBy(node: BundlerNode, operation: Operation, seconds: number): Commitment | undefined
  forget(operation: Operation): void
}

export function createCommitBook(network: Network): CommitBook {
  const commits = new Map<Operation, Commit[]>()
  let signed = 0

  return {
    sign({ id, place }, window, operations, seconds) {
      const commit = { bundlerId: id, window, number: signed++, node: place, seconds }
      for (const operation of operations) {
        const of = commits.get(operation)
        if (of === undefined) commits.set(operation, [commit])
        else of.push(commit)
      }
      return commit.number
    },
    committedBy(node, operation, seconds) {
      let newest: Commit | undefined
      for (const commit of commits.get(operation) ?? []) {
        if (commit.node === node.place || (newest !== undefined && commit.window < newest.window)) continue
        const { number, node: from } = commit
        const message = { subject: 'commit', number, from, to: node.place, seconds: commit.seconds } as const
        if (heardAt(node, network.gossipAt(message)) <= seconds) newest = commit
      }
      return newest
    },
    forget: operation => commits.delete(operation),
  }
}
