// Which EVM does a contract need? Read off its byte code, so that an EntryPoint that a chain cannot run is
// refused before it is asked anything.
import { type Hex, hexToBytes } from 'viem'
import { opcodeName } from '../validation/opcodes.ts'
import { type EvmFork, isAtLeast, opcodeForks } from './evmFork.ts'

export type NeededFork = { readonly fork: EvmFork; readonly opcodes: readonly string[] }

const push1 = 0x60
const push32 = 0x7f

/** The newest fork that any of its opcodes came with, and which opcodes these are. */
export function neededFork(code: Hex): NeededFork {
  const bytes = hexToBytes(code)
  const found = new Set<string>()
  const end = endOfCode(bytes)
  for (let at = 0; at < end; at++) {
    const opcode = bytes[at] as number
    if (opcode >= push1 && opcode <= push32) at += opcode - push1 + 1
    else found.add(opcodeName(opcode))
  }
  const opcodes = [...found].filter(name => opcodeForks[name] !== undefined)
  const fork = opcodes.reduce<EvmFork>((newest, name) => {
    const since = opcodeForks[name] as EvmFork
    return isAtLeast(newest, since) ? newest : since
  }, 'london')
  return { fork, opcodes }
}

/** Solidity ends its code with CBOR metadata, whose last two bytes are its length. */
function endOfCode(bytes: Uint8Array): number {
  const metadata = ((bytes.at(-2) ?? 0) << 8) + (bytes.at(-1) ?? 0) + 2
  const start = bytes.length - metadata
  // A map of one to four entries.
  const isMetadata = start > 0 && ((bytes[start] ?? 0) & 0xf8) === 0xa0
  return isMetadata ? start : bytes.length
}
