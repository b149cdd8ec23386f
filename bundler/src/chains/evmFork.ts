// How new a chain's EVM is, and what that changes for a bundler. Newest last.

export const evmForks = ['london', 'paris', 'shanghai', 'cancun', 'prague', 'osaka'] as const
export type EvmFork = (typeof evmForks)[number]

export function isAtLeast(fork: EvmFork, least: EvmFork): boolean {
  return evmForks.indexOf(fork) >= evmForks.indexOf(least)
}

/** The fork that brought each opcode newer than London. */
export const opcodeForks: Readonly<Record<string, EvmFork>> = {
  PUSH0: 'shanghai',
  BLOBHASH: 'cancun',
  BLOBBASEFEE: 'cancun',
  TLOAD: 'cancun',
  TSTORE: 'cancun',
  MCOPY: 'cancun',
  CLZ: 'osaka',
}
