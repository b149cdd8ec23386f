// Precompiles answer from their input alone, so validation may call those that everyone accepts.
import type { Address } from 'viem'

/** ERC-7562 [OP-062]: the core precompiles 0x1 to 0x9, all that London has. */
export function isAcceptedPrecompile(address: Address): boolean {
  const number = BigInt(address)
  return number >= 1n && number <= 9n
}

/** Where chains put precompiles: no contract of anyone's lives there. */
export function isPrecompileRange(address: Address): boolean {
  return BigInt(address) <= 0xffffn
}
