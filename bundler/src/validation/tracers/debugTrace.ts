// From what the collector brings home to the facts that every tracer gives.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Address, Hex } from 'viem'
import type { EntryPointVersion } from '../../entryPoint/entryPointVersion.ts'
import { opcodeName } from '../opcodes.ts'
import type { CallFact, CodeAccess, PhaseFacts, StorageFacts, Trace, TraceOutcome } from '../trace.ts'
import type { EntityRole } from '../validatedOperation.ts'
import type { CollectedPhase, CollectedTrace } from './debugCollector.ts'
import { joinedPhase } from './joinedPhase.ts'

export function debugTrace(
  collected: CollectedTrace,
  block: Block,
  version: Pick<EntryPointVersion, 'stopper' | 'validationGas'>,
): Trace {
  const phases: Partial<Record<EntityRole, PhaseFacts>> = {}
  for (const phase of collected.phases) {
    phases[phase.role] = joinedPhase(phases[phase.role], phaseFacts(phase))
  }
  return {
    block,
    phases,
    keccakPreimages: collected.keccak as Hex[],
    outcome: outcomeOf(collected, version),
  }
}

function outcomeOf(
  { output, gasReadings }: CollectedTrace,
  { stopper, validationGas }: Pick<EntryPointVersion, 'stopper' | 'validationGas'>,
): TraceOutcome {
  if (output !== stopper.revertData) return { passed: false, revertData: output as Hex }
  return { passed: true, gas: validationGas(gasReadings) }
}

function phaseFacts(phase: CollectedPhase): PhaseFacts {
  return {
    entity: phase.entity as Address,
    ...(phase.delegate && { delegate: phase.delegate as Address }),
    gasLimit: BigInt(phase.gasLimit),
    gasUsed: BigInt(phase.gasUsed),
    output: phase.output as Hex,
    reverted: phase.error,
    opcodes: Object.fromEntries(
      Object.entries(phase.opcodes).map(([number, count]) => [
        opcodeName(Number(number)),
        { count, contract: phase.opcodeContracts[number] as Address },
      ]),
    ),
    storage: storageFacts(phase),
    codeAccess: Object.fromEntries(
      Object.entries(phase.codeAccess).map(([address, { delegate, ...access }]) => [
        address,
        { ...access, opcode: opcodeName(access.opcode), ...(delegate && { delegate }) } as CodeAccess,
      ]),
    ),
    calls: Object.keys(phase.calls).map(callFact),
    creations: phase.creations as PhaseFacts['creations'],
    outOfGas: phase.outOfGas as Address[],
  }
}

function storageFacts(phase: CollectedPhase): Record<Address, StorageFacts> {
  const addresses = new Set([...Object.keys(phase.reads), ...Object.keys(phase.writes)]) as Set<Address>
  const slots = (accesses: Readonly<Record<string, number>> | undefined): Hex[] =>
    Object.keys(accesses ?? {}).map((slot): Hex => `0x${slot.padStart(64, '0')}`)
  return Object.fromEntries(
    [...addresses].map(address => [
      address,
      { reads: slots(phase.reads[address]), writes: slots(phase.writes[address]) },
    ]),
  )
}

/** The collector keeps a call as "type from to value input", so that repeats fall together. */
function callFact(key: string): CallFact {
  const [type, from, to, value, inputHead] = key.split(' ')
  return {
    type: type as string,
    from: from as Address,
    to: to as Address,
    valueWei: BigInt(`0x${value}`),
    inputHead: inputHead as Hex,
  }
}
