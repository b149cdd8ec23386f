// One phase of an erc7562Tracer's answer: an entity's frame and all below it, added up.
import { type Address, type Hex, pad, slice } from 'viem'
import { opcodeName } from '../opcodes.ts'
import type { CallFact, CodeAccess, CreationFact, OpcodeUse, PhaseFacts } from '../trace.ts'
import type { NativeFrame } from './nativeTrace.ts'

const headBytes = 36

export function phaseFacts(entityFrame: NativeFrame): PhaseFacts {
  const opcodes: Record<string, OpcodeUse> = {}
  const slots: Record<Address, { reads: Set<Hex>; writes: Set<Hex> }> = {}
  const codeAccess: Record<Address, CodeAccess> = {}
  const calls = new Map<string, CallFact>()
  const creations: CreationFact[] = []
  const outOfGas: Address[] = []

  function visit(frame: NativeFrame): void {
    const here = executingAddress(frame)
    for (const [number, count] of Object.entries(frame.usedOpcodes ?? {})) {
      const name = opcodeName(Number(number))
      const before = opcodes[name]
      opcodes[name] = { count: (before?.count ?? 0) + count, contract: before?.contract ?? here }
    }
    const { reads, writes, transientReads, transientWrites } = frame.accessedSlots ?? {}
    for (const slot of keysOf(reads, transientReads)) accessed(here).reads.add(slot)
    for (const slot of keysOf(writes, transientWrites)) accessed(here).writes.add(slot)
    for (const [address, { contractSize, opcode }] of Object.entries(frame.contractSize ?? {})) {
      codeAccess[lowerCase(address)] ??= {
        codeBytes: contractSize,
        opcode: opcodeName(opcode),
        contract: here,
        inspected: false,
      }
    }
    for (const address of frame.extCodeAccessInfo ?? []) {
      const access = codeAccess[lowerCase(address)]
      if (access !== undefined) codeAccess[lowerCase(address)] = { ...access, inspected: true }
    }
    if (frame.outOfGas) outOfGas.push(here)
    for (const call of frame.calls ?? []) {
      note(call, here)
      visit(call)
    }
  }

  function accessed(address: Address): { reads: Set<Hex>; writes: Set<Hex> } {
    slots[address] ??= { reads: new Set(), writes: new Set() }
    return slots[address]
  }

  function note({ type, to, input, value = '0x0' }: NativeFrame, from: Address): void {
    if (to === undefined || type === 'SELFDESTRUCT') return
    const target = lowerCase(to)
    if (type === 'CREATE' || type === 'CREATE2') {
      creations.push({ opcode: type, contract: from, created: target })
      return
    }
    const inputHead = input === '0x' ? '0x' : slice(input, 0, headBytes)
    const call = { type, from, to: target, valueWei: BigInt(value), inputHead }
    calls.set([type, from, target, value, inputHead].join(' '), call)
  }

  visit(entityFrame)
  return {
    entity: lowerCase(entityFrame.to as Address),
    gasLimit: BigInt(entityFrame.gas),
    gasUsed: BigInt(entityFrame.gasUsed),
    output: entityFrame.output ?? '0x',
    reverted: entityFrame.error !== undefined,
    opcodes,
    storage: Object.fromEntries(
      Object.entries(slots).map(([address, { reads, writes }]) => [
        address,
        { reads: [...reads], writes: [...writes] },
      ]),
    ),
    codeAccess,
    calls: [...calls.values()],
    creations,
    outOfGas,
  }
}

/** DELEGATECALL and CALLCODE run other code at the caller's own address. */
function executingAddress({ type, from, to }: NativeFrame): Address {
  return lowerCase(type === 'DELEGATECALL' || type === 'CALLCODE' ? from : (to ?? from))
}

function keysOf(...all: readonly (Readonly<Record<string, unknown>> | undefined)[]): readonly Hex[] {
  return all.flatMap(slots => Object.keys(slots ?? {}).map(slot => pad(slot as Hex)))
}

function lowerCase(address: string): Address {
  return address.toLowerCase() as Address
}
