// The Merkle tree of OpenZeppelin's contracts, which `TrainingRecord` asks: sorted leaves, sorted pairs, all nodes in
// one array. Their JavaScript library builds the same trees (the test compares them) and weighs 40 kB in a browser.
import { concat, type Hex, isHex, keccak256, size } from 'viem'

/** Nodes as in a binary heap: the root first, the children of i at 2i+1 and 2i+2, the leaves last. */
export function merkleNodes(leaves: readonly Hex[]): readonly Hex[] {
  const ascending = leaves.toSorted()
  const nodes = new Array<Hex>(2 * leaves.length - 1)
  for (const [at, leaf] of ascending.entries()) nodes[nodes.length - 1 - at] = leaf
  for (let at = leaves.length - 2; at >= 0; at--) {
    nodes[at] = hashPair(nodes[2 * at + 1] as Hex, nodes[2 * at + 2] as Hex)
  }
  return nodes
}

/** The siblings on the way from a node up to the root. */
export function merkleProof(nodes: readonly Hex[], index: number): readonly Hex[] {
  const proof: Hex[] = []
  for (let at = index; at > 0; at = Math.floor((at - 1) / 2)) {
    proof.push(nodes[at % 2 === 1 ? at + 1 : at - 1] as Hex)
  }
  return proof
}

/** Whether the proof leads from the leaf to the root; no node of another length than 32 bytes does. */
export function provesLeaf(parameters: {
  readonly root: Hex
  readonly leaf: Hex
  readonly proof: readonly Hex[]
}): boolean {
  const { root, leaf, proof } = parameters
  if (!proof.every(node => isHex(node) && size(node) === 32)) return false
  const reached = proof.reduce((node, sibling) => hashPair(node, sibling.toLowerCase() as Hex), leaf)
  return reached === root.toLowerCase()
}

function hashPair(a: Hex, b: Hex): Hex {
  return keccak256(concat(a < b ? [a, b] : [b, a]))
}
