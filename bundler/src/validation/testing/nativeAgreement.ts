// What geth's erc7562Tracer tells less of, or otherwise, than our own EVM: each by its name. All else must be the same.
import { zeroAddress } from 'viem'
import type { CreationFact, PhaseFacts, Trace, ValidationGas } from '../trace.ts'

/** A trace as far as the native tracer can know it, with `native`'s own facts where it may be vaguer. */
export function asNativeTells(exact: Trace, native: Trace): object {
  return {
    block: exact.block,
    keccakPreimages: withThoseOfExecution(exact, native),
    outcome: exact.outcome.passed
      ? { passed: true, gas: native.outcome.passed && reckoned(exact.outcome.gas, native.outcome.gas) }
      : exact.outcome,
    phases: Object.fromEntries(
      Object.entries(exact.phases).map(([role, facts]) => [
        role,
        withoutOrder(knownNatively(facts, native.phases[role as keyof Trace['phases']])),
      ]),
    ),
  }
}

export function nativeFacts(native: Trace): object {
  const phases = Object.entries(native.phases).map(([role, facts]) => [role, withoutOrder(facts)])
  return { ...native, phases: Object.fromEntries(phases) }
}

/** It runs on into the execution, and keeps what is hashed there too: whoever hashes, the slots are associated. */
function withThoseOfExecution(exact: Trace, native: Trace): readonly string[] {
  const missing = exact.keccakPreimages.filter(preimage => !native.keccakPreimages.includes(preimage))
  return [...native.keccakPreimages, ...missing]
}

/** Gas is reckoned, not read: the total to within a few units of memory, its parts rounded up. */
function reckoned(exact: ValidationGas, native: ValidationGas): ValidationGas {
  const isClose = (one: bigint, least: bigint, most: bigint) => one >= least && one <= most
  const agrees =
    isClose(native.total - exact.total, -50n, 0n) &&
    isClose(native.account - exact.account, 0n, 3_300n) &&
    isClose(native.paymaster - exact.paymaster, 0n, 2_700n)
  return agrees ? native : exact
}

function knownNatively(exact: PhaseFacts, native: PhaseFacts | undefined): PhaseFacts {
  const creations = exact.creations.map((creation, index) => vague(creation, native?.creations[index]))
  const unknown = exact.creations.filter((_, index) => creations[index]?.created === zeroAddress)
  return {
    ...exact,
    creations,
    outOfGas: exact.outOfGas.map(address =>
      unknown.some(({ created }) => created === address) ? zeroAddress : address,
    ),
  }
}

/** Where a contract would have come to stand is not told when its creation has failed. */
function vague(exact: CreationFact, native: CreationFact | undefined): CreationFact {
  return native?.created === zeroAddress ? { ...exact, created: zeroAddress } : exact
}

/**
 * Frames come without an order of what was done in them. So which of several contracts was first to use an opcode or
 * an address is not known, nor that a slot was read after it had been written.
 */
function withoutOrder({ opcodes, codeAccess, storage, ...facts }: PhaseFacts): object {
  return {
    ...facts,
    opcodes: Object.fromEntries(Object.entries(opcodes).map(([name, { count }]) => [name, count])),
    codeAccess: Object.fromEntries(
      Object.entries(codeAccess).map(([address, { opcode, contract, ...access }]) => [address, access]),
    ),
    storage: Object.fromEntries(
      Object.entries(storage).map(([address, { reads, writes }]) => [
        address,
        { reads: reads.filter(slot => !writes.includes(slot)).sort(), writes: [...writes].sort() },
      ]),
    ),
  }
}
