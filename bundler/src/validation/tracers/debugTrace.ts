// From what the collector brings home to the facts that every tracer gives.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Address, Hex } from 'viem'
import { opcodeName } from '../opcodes.ts'
import type { CallFact, CodeAccess, PhaseFacts, StorageFacts, Trace, TraceOutcome } from '../trace.ts'
import type { EntityRole } from '../validatedOperation.ts'
import type { CollectedPhase, CollectedTrace } from './debugCollector.ts'
import { stoppedAfterValidation } from './validationOnlyCall.ts'

export function debugTrace(collected: CollectedTrace, block: Block): Trace {
  const phases: Partial<Record<EntityRole, PhaseFacts>> = {}
  for (const phase of collected.phases) phases[phase.role] = phaseFacts(phase)
  return {
    block,
    phases,
    keccakPreimages: collected.keccak as Hex[],
    outcome: outcomeOf(collected),
  }
}

function outcomeOf({ output, gasReadings }: CollectedTrace): TraceOutcome {
  if (output !== stoppedAfterValidation) return { passed: false, revertData: output as Hex }
  return { passed: true, gas: validationGas(gasReadings) }
}

/**
 * The EntryPoint of v0.7 reads GAS when validation begins, at AA26, around the paymaster's phase if there
 * is one, for preOpGas, and once more for the operation behind ours.
 */
function validationGas(readings: readonly number[]) {
  const [start, afterAccount, paymasterStart, afterPaymaster] = readings
  const preOperation = readings.at(-2)
  if (start === undefined || afterAccount === undefined || preOperation === undefined) {
    throw new Error('The EntryPoint does not meter validation as v0.7 does')
  }
  const hasPaymaster = readings.length === 6
  return {
    account: BigInt(start - afterAccount),
    paymaster: hasPaymaster ? BigInt((paymasterStart ?? 0) - (afterPaymaster ?? 0)) : 0n,
    total: BigInt(start - preOperation),
  }
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
