// One phase of an erc7562Tracer's answer: an entity's frame and all below it, added up.
import { type Address, type Hex, pad, size, slice, zeroAddress } from 'viem'
import { opcodeName } from '../opcodes.ts'
import type { CallFact, CodeAccess, CreationFact, OpcodeUse, PhaseFacts } from '../trace.ts'
import type { Delegates, NativeFrame } from './nativeTrace.ts'

const headBytes = 36
const maxOutputBytes = 8_192

/**
 * Frames tell what was done in them, not when: of several contracts that used one opcode, or one address, the outermost
 * is named.
 */
export function phaseFacts(entityFrame: NativeFrame, delegates: Delegates): PhaseFacts {
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
    for (const [target, { contractSize, opcode }] of Object.entries(frame.contractSize ?? {})) {
      const address = lowerCase(target)
      const delegate = delegates.get(address)
      const before = codeAccess[address]
      codeAccess[address] = {
        opcode: opcodeName(opcode),
        contract: here,
        inspected: false,
        ...(delegate && { delegate }),
        ...before,
        // The first use is the one that may have come before the code.
        codeBytes: Math.min(contractSize, before?.codeBytes ?? contractSize),
      }
    }
    for (const target of frame.extCodeAccessInfo ?? []) {
      const address = lowerCase(target)
      const access = codeAccess[address]
      if (access !== undefined) codeAccess[address] = { ...access, inspected: true }
    }
    for (const call of frame.calls ?? []) {
      note(call, here)
      visit(call)
    }
    if (frame.outOfGas) outOfGas.push(here)
  }

  function accessed(address: Address): { reads: Set<Hex>; writes: Set<Hex> } {
    slots[address] ??= { reads: new Set(), writes: new Set() }
    return slots[address]
  }

  function note(frame: NativeFrame, from: Address): void {
    const { type, to, input, value = '0x0' } = frame
    if (type === 'CREATE' || type === 'CREATE2') {
      creations.push({ opcode: type, contract: from, created: executingAddress(frame) })
      return
    }
    if (to === undefined || type === 'SELFDESTRUCT') return
    const target = lowerCase(to)
    const inputHead = input === '0x' ? '0x' : slice(input, 0, headBytes)
    const call = { type, from, to: target, valueWei: BigInt(value), inputHead }
    calls.set([type, from, target, value, inputHead].join(' '), call)
  }

  visit(entityFrame)
  const entity = lowerCase(entityFrame.to as Address)
  const delegate = delegates.get(entity)
  const output = entityFrame.output ?? '0x'
  return {
    entity,
    ...(delegate && { delegate }),
    gasLimit: BigInt(entityFrame.gas),
    gasUsed: BigInt(entityFrame.gasUsed),
    output: size(output) > maxOutputBytes ? slice(output, 0, maxOutputBytes) : output,
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

/**
 * DELEGATECALL and CALLCODE run other code at the caller's own address. Where a creation has failed geth withholds it:
 * only what the initcode called tells, and the zero address stands for one that nobody can know.
 */
function executingAddress({ type, from, to, calls }: NativeFrame): Address {
  if (type === 'DELEGATECALL' || type === 'CALLCODE') return lowerCase(from)
  return lowerCase(to ?? calls?.[0]?.from ?? zeroAddress)
}

function keysOf(...all: readonly (Readonly<Record<string, unknown>> | undefined)[]): readonly Hex[] {
  return all.flatMap(slots => Object.keys(slots ?? {}).map(slot => pad(slot as Hex)))
}

function lowerCase(address: string): Address {
  return address.toLowerCase() as Address
}
