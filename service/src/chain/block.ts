// What the daemons need of a block. WorldLand's headers carry extra fields (codeword, codelength),
// so a hash is always taken from the node and never recomputed.
import type { Hash } from 'viem'

export type BlockReference = { readonly number: bigint; readonly hash: Hash }

export type Block = BlockReference & {
  readonly parentHash: Hash
  /** Seconds since the Unix epoch. */
  readonly timestamp: bigint
  readonly baseFeePerGas: bigint
  readonly gasLimit: bigint
}

/** A step of the canonical chain: first undo `removed` (newest first), then take `added` (oldest first). */
export type ChainUpdate = {
  readonly removed: readonly Block[]
  readonly added: readonly Block[]
  readonly head: Block
  /** The chain has none of the blocks remembered: `removed` is not all that is gone, and `added` not all that came. */
  readonly isBeyondMemory?: true
}
