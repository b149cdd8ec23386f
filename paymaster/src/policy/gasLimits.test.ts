import { describe, expect, it } from 'vitest'
import type { RequestedOperation } from '../requestedOperation.ts'
import { type GasLimits, judgeGas } from './gasLimits.ts'

const limits: GasLimits = {
  callGasLimit: 10n,
  verificationGasLimit: 20n,
  preVerificationGas: 30n,
  maxFeePerGas: 40n,
  maxPriorityFeePerGas: 5n,
}
const operation: RequestedOperation = {
  sender: '0x5000000000000000000000000000000000000005',
  nonce: 0n,
  callData: '0x',
  ...limits,
}

describe('gas limits', () => {
  it('accept every field at its limit', () => {
    expect(judgeGas(operation, limits).ok).toBe(true)
  })

  it.each(Object.keys(limits) as (keyof GasLimits)[])('refuse a higher %s by name', field => {
    const judged = judgeGas({ ...operation, [field]: limits[field] + 1n }, limits)
    expect(judged).toMatchObject({
      ok: false,
      refusal: { code: -32501, message: expect.stringContaining(field), data: { field } },
    })
  })
})
