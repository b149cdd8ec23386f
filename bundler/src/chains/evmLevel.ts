// What a chain's EVM knows beyond London, which every chain served here has: the opcodes that are
// assigned and the precompiles that answer.
import type { Address } from 'viem'
import { type EvmFork, isAtLeast, opcodeForks } from './evmFork.ts'

export type EvmLevel = {
  readonly fork: EvmFork
  /** Precompiles that the fork alone does not bring, such as RIP-7212's P256VERIFY at 0x100 before Osaka. */
  readonly extraPrecompiles: readonly Address[]
}

export const londonEvm: EvmLevel = { fork: 'london', extraPrecompiles: [] }

/** Whether this EVM stops with an exception at it for not knowing it. INVALID is assigned: it is that exception. */
export function isUnassigned(opcode: string, { fork }: EvmLevel): boolean {
  const since = opcodeForks[opcode]
  return since === undefined ? opcode.startsWith('0x') : !isAtLeast(fork, since)
}

const precompilesSince: readonly (readonly [first: bigint, last: bigint, since: EvmFork])[] = [
  [0x1n, 0x9n, 'london'],
  // EIP-4844: the KZG point evaluation.
  [0xan, 0xan, 'cancun'],
  // EIP-2537: BLS12-381.
  [0xbn, 0x11n, 'prague'],
  // EIP-7951: P256VERIFY.
  [0x100n, 0x100n, 'osaka'],
]

/** ERC-7562 [OP-062]: precompiles that answer from their input alone. */
export function isAcceptedPrecompile(address: Address, { fork, extraPrecompiles }: EvmLevel): boolean {
  const number = BigInt(address)
  return (
    precompilesSince.some(
      ([first, last, since]) => number >= first && number <= last && isAtLeast(fork, since),
    ) || extraPrecompiles.some(extra => BigInt(extra) === number)
  )
}

/** Where chains put precompiles: no contract of anyone's lives there. */
export function isPrecompileRange(address: Address): boolean {
  return BigInt(address) <= 0xffffn
}
