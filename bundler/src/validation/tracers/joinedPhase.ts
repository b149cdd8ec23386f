// An account by EIP-7702 is called twice in one validation: by what stands behind the marker, to be set up, and to
// validate. Its rules hold for both alike.
import type { Address } from 'viem'
import type { PhaseFacts, StorageFacts } from '../trace.ts'

/** What both did; the answer is that of the later one. */
export function joinedPhase(earlier: PhaseFacts | undefined, later: PhaseFacts): PhaseFacts {
  if (earlier === undefined) return later
  return {
    ...earlier,
    ...later,
    gasUsed: earlier.gasUsed + later.gasUsed,
    reverted: earlier.reverted || later.reverted,
    opcodes: joinedOpcodes(earlier.opcodes, later.opcodes),
    storage: joinedStorage(earlier.storage, later.storage),
    // The first use is the one that may have come before the code.
    codeAccess: { ...later.codeAccess, ...earlier.codeAccess },
    calls: [...earlier.calls, ...later.calls],
    creations: [...earlier.creations, ...later.creations],
    outOfGas: [...earlier.outOfGas, ...later.outOfGas],
  }
}

function joinedOpcodes(one: PhaseFacts['opcodes'], other: PhaseFacts['opcodes']): PhaseFacts['opcodes'] {
  const joined = { ...one }
  for (const [name, { count, contract }] of Object.entries(other)) {
    const before = joined[name]
    joined[name] = { count: count + (before?.count ?? 0), contract }
  }
  return joined
}

function joinedStorage(one: PhaseFacts['storage'], other: PhaseFacts['storage']): PhaseFacts['storage'] {
  const joined: Record<Address, StorageFacts> = { ...one }
  for (const [contract, { reads, writes }] of Object.entries(other) as [Address, StorageFacts][]) {
    const before = joined[contract]
    joined[contract] = {
      reads: [...new Set([...(before?.reads ?? []), ...reads])],
      writes: [...new Set([...(before?.writes ?? []), ...writes])],
    }
  }
  return joined
}
