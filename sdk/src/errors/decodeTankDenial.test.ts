import { parseEther } from 'viem'
import { describe, expect, it } from 'vitest'
import { rejectionCode } from '../protocol/rejectionCode.ts'
import { throwComputeError } from './computeError.ts'
import { decodeTankDenial } from './decodeTankDenial.ts'

const denial = (tankWei: bigint, requiredWei: bigint) => ({
  code: rejectionCode.paymaster,
  data: { reason: 'tankTooLow', tankWei: String(tankWei), requiredWei: String(requiredWei) },
})

describe("the paymaster's refusal of a tank", () => {
  it('becomes a sentence with both amounts and a remedy, however deep viem has wrapped it', () => {
    const failure = new Error('outer', { cause: { cause: denial(parseEther('1'), parseEther('2')) } })
    expect(decodeTankDenial(failure)).toMatchObject({
      errorName: 'InsufficientTank',
      problem: expect.stringMatching(/holds 1 .* may cost 2 /),
      remedy: expect.stringContaining('fillTank'),
    })
    expect(() => throwComputeError(failure)).toThrow("gasFrom: 'wallet'")
  })

  it('says of an empty tank that it pays for nothing, when no gas is known yet', () => {
    expect(decodeTankDenial(denial(0n, 0n))?.problem).toMatch(/holds 0 .*pays for nothing/)
  })

  it("is told apart from the paymaster's other refusals, which stay as they are", () => {
    const other = { ...denial(0n, 0n), data: { reason: 'feeTooHigh' } }
    expect(decodeTankDenial(other)).toBeUndefined()
    expect(decodeTankDenial({ ...denial(0n, 0n), code: -32521 })).toBeUndefined()
    const failure = new Error('outer', { cause: other })
    expect(() => throwComputeError(failure)).toThrow(failure)
  })
})
