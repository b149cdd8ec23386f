// What a fork decides, put together once.
import type { Address } from 'viem'
import { type EvmFork, isAtLeast } from '../chains/evmFork.ts'
import { type InstructionSet, instructionSetOf } from './instructionSet.ts'
import type { Precompile } from './precompiles/precompile.ts'
import { precompilesOf } from './precompiles/precompiles.ts'

export type Rules = {
  readonly instructionSet: InstructionSet
  readonly precompiles: ReadonlyMap<Address, Precompile>
  /** EIP-3860 */
  readonly limitsInitcode: boolean
  /** EIP-3651 */
  readonly warmsCoinbase: boolean
  /** EIP-6780 */
  readonly destroysOnlyNew: boolean
  /** EIP-7702 */
  readonly hasDelegation: boolean
  /** EIP-7623 */
  readonly hasCalldataFloor: boolean
}

const known = new Map<string, Rules>()

export function rulesOf(fork: EvmFork, hasP256Verify: boolean): Rules {
  const key = `${fork} ${hasP256Verify}`
  let rules = known.get(key)
  if (rules === undefined) {
    rules = {
      instructionSet: instructionSetOf(fork),
      precompiles: precompilesOf(fork, hasP256Verify),
      limitsInitcode: isAtLeast(fork, 'shanghai'),
      warmsCoinbase: isAtLeast(fork, 'shanghai'),
      destroysOnlyNew: isAtLeast(fork, 'cancun'),
      hasDelegation: isAtLeast(fork, 'prague'),
      hasCalldataFloor: isAtLeast(fork, 'prague'),
    }
    known.set(key, rules)
  }
  return rules
}
