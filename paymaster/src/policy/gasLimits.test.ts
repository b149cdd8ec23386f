import { describe, expect, it } from 'vitest'
import type { RequestedOperation } from '../requestedOperation.ts'
import { type GasBounds, type GasLimits, judgeGas } from './gasLimits.ts'

const limits: GasLimits = {
  callGasLimit: 10n,
  verificationGasLimit: 20n,
  preVerificationGas: 30n,
  maxFeePerGas: 40n,
  maxPriorityFeePerGas: 5n,
}
const bounds: GasBounds = {
  limits,
  feeBounds: () => ({ leastFeePerGasWei: 7n, mostFeePerGasWei: 100n, mostPriorityFeePerGasWei: 100n }),
  mostPreVerificationGas: () => 100n,
}
const operation: RequestedOperation = {
  sender: '0x5000000000000000000000000000000000000005',
  nonce: 0n,
  callData: '0x',
  ...limits,
}

describe('gas limits', () => {
  it('accept every field at its limit', () => {
    expect(judgeGas(operation, bounds).ok).toBe(true)
  })

  it.each(Object.keys(limits) as (keyof GasLimits)[])('refuse a higher %s by name', field => {
    const judged = judgeGas({ ...operation, [field]: limits[field] + 1n }, bounds)
    expect(judged).toMatchObject({
      ok: false,
      refusal: { code: -32501, message: expect.stringContaining(field), data: { field } },
    })
  })

  it('are the tighter of what the operator set and what network and bytes make plausible', () => {
    const feeBounds = () => ({ leastFeePerGasWei: 7n, mostFeePerGasWei: 39n, mostPriorityFeePerGasWei: 4n })
    const judge = (change: object, tighter: object) =>
      judgeGas({ ...operation, ...change }, { ...bounds, ...tighter })
    const refused = (field: string, limit: string) => ({ ok: false, refusal: { data: { field, limit } } })
    expect(judge({}, { feeBounds })).toMatchObject(refused('maxFeePerGas', '39'))
    expect(judge({ maxFeePerGas: 39n }, { feeBounds })).toMatchObject(refused('maxPriorityFeePerGas', '4'))
    const mostPreVerificationGas = () => 29n
    expect(judge({}, { mostPreVerificationGas })).toMatchObject(refused('preVerificationGas', '29'))
  })

  it('refuse a fee at which the next block takes nothing, but not one that is not known yet', () => {
    const low = { ...operation, maxFeePerGas: 6n }
    expect(judgeGas(low, bounds)).toMatchObject({ ok: false, refusal: { data: { reason: 'feeTooLow' } } })
    expect(judgeGas({ ...low, maxFeePerGas: 7n }, bounds).ok).toBe(true)
    const unknown = {
      verificationGasLimit: 0n,
      preVerificationGas: 0n,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
    }
    expect(judgeGas({ ...operation, ...unknown }, bounds).ok).toBe(true)
  })
})
