// Whether a node says that it does not know the block that it was asked about, or not its state any more.

/** In the words of geth, erigon, nethermind, besu, reth, anvil, hardhat and WorldLand's client. */
const words =
  /header not found|unknown block|block not found|header for hash not found|missing trie node|invalid block tag|state .*not available/i

export function isUnknownBlock(error: unknown): boolean {
  return error instanceof Error && words.test(error.message)
}
