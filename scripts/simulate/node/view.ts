// What a bundler sees of the chain: the branch it stands on, as far as its blocks have come.
import type { Block } from '../chain/block.ts'
import type { Branch, Chain } from '../chain/chain.ts'
import type { Network } from '../network.ts'
import type { Operation } from '../operations.ts'
import type { BundlerNode } from './bundlerNode.ts'

export type View = {
  readonly branch: Branch
  readonly head: Block
  hasLanded(operation: Operation): boolean
}

export function viewOf(
  node: BundlerNode,
  seconds: number,
  { chain, network }: { chain: Chain; network: Network },
): View {
  const branch = chain.branchOf(node.place)
  let head = branch.tip
  while (head.parent !== undefined && network.blockAt(head, node.place) > seconds) head = head.parent
  for (let behind = 0; behind < node.lagBlocks; behind++) head = head.parent ?? head
  return {
    branch,
    head,
    hasLanded(operation) {
      const height = branch.state.landedAt(operation)
      return height !== undefined && height <= head.height
    },
  }
}

/** Height of the newest block that a node had at that time, at or below `head`. */
export function heightAt(head: Block, seconds: number): number {
  let block = head
  while (block.parent !== undefined && block.seconds > seconds) block = block.parent
  return block.height
}
