import { keccak256 } from 'viem'
import { describe, expect, it } from 'vitest'
import { runtimeCodeProblem } from './runtimeCode.ts'

const template = { kind: 'template', code: '0x60000000aabb', immutables: [{ start: 1, length: 2 }] } as const

describe('the code found at an address', () => {
  it('is right when it differs only where the constructor fills in immutables', () => {
    expect(runtimeCodeProblem('0x60123400aabb', template)).toBeUndefined()
  })

  it('is wrong when it differs beside the immutables, and the first such byte is named', () => {
    expect(runtimeCodeProblem('0x60123400aabc', template)).toContain('byte 5')
  })

  it('is wrong when it is shorter, longer or missing', () => {
    expect(runtimeCodeProblem('0x6012', template)).toContain('2 bytes, expected 6')
    expect(runtimeCodeProblem('0x60123400aabb00', template)).toContain('7 bytes, expected 6')
    expect(runtimeCodeProblem('0x', template)).toContain('0 bytes, expected 6')
  })

  it('is judged by its whole hash where the compiler does not say where immutables stand', () => {
    const expected = { kind: 'hash', codeHash: keccak256('0x6001') } as const
    expect(runtimeCodeProblem('0x6001', expected)).toBeUndefined()
    expect(runtimeCodeProblem('0x6002', expected)).toContain(keccak256('0x6002'))
  })
})
