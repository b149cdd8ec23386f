import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxCostWei } from '../pricing/maxCost.ts'
import type { RequestedOperation } from '../requestedOperation.ts'
import { sponsoredCostWei } from './sponsorMode.ts'

const gas = fc.bigInt(0n, 2n ** 40n)
const operationOf = (
  limits: readonly [bigint, bigint, bigint],
  maxFeePerGas: bigint,
): RequestedOperation => ({
  sender: '0x5000000000000000000000000000000000000005',
  nonce: 0n,
  callData: '0x',
  callGasLimit: limits[0],
  verificationGasLimit: limits[1],
  preVerificationGas: limits[2],
  maxFeePerGas,
  maxPriorityFeePerGas: 0n,
})

describe('the most that a sponsored operation can cost', () => {
  it('is its gas and the tip, of which the contract never gives more than the gas', () => {
    const tip = fc.bigInt(0n, 2n ** 128n - 1n)
    fc.assert(
      fc.property(fc.tuple(gas, gas, gas), gas, gas, tip, (limits, postOpGas, feePerGas, tipWei) => {
        const operation = operationOf(limits, feePerGas)
        const paymasterGas = { paymasterVerificationGasLimit: 30_000n, paymasterPostOpGasLimit: postOpGas }
        const gasWei = maxCostWei(operation, paymasterGas)
        const costWei = sponsoredCostWei({ tipWei: () => tipWei }, operation, paymasterGas)
        if (tipWei < gasWei) expect(costWei).toBe(gasWei + tipWei)
        else expect(costWei).toBe(2n * gasWei)
        expect(sponsoredCostWei({}, operation, paymasterGas)).toBe(gasWei)
      }),
    )
  })
})
