import { describe, expect, it } from 'vitest'
import { type EvmFork, evmForks } from './evmFork.ts'
import { isAcceptedPrecompile, isUnassigned } from './evmLevel.ts'

const since = (known: (fork: EvmFork) => boolean): EvmFork | undefined => evmForks.find(known)
const evm = (fork: EvmFork) => ({ fork, extraPrecompiles: [] })

describe('the level of a chain', () => {
  it.each([
    ['BASEFEE', 'london'],
    ['PUSH0', 'shanghai'],
    ['TSTORE', 'cancun'],
    ['BLOBBASEFEE', 'cancun'],
    ['CLZ', 'osaka'],
    ['0x0c', undefined],
  ] as const)('assigns %s since %s [OP-013]', (opcode, fork) => {
    expect(since(one => !isUnassigned(opcode, evm(one)))).toBe(fork)
  })

  it.each([
    [0x09, 'london'],
    [0x0a, 'cancun'],
    [0x0b, 'prague'],
    [0x11, 'prague'],
    [0x12, undefined],
    [0x100, 'osaka'],
  ] as const)('has the precompile %i since %s [OP-062]', (number, fork) => {
    const address = `0x${number.toString(16).padStart(40, '0')}` as const
    expect(since(one => isAcceptedPrecompile(address, evm(one)))).toBe(fork)
  })
})
