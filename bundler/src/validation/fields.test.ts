import fc from 'fast-check'
import { zeroAddress } from 'viem'
import { describe, expect, it } from 'vitest'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { createPreVerificationGas } from '../estimation/preVerificationGas.ts'
import { checkFields } from './fields.ts'
import { defaultValidationLimits } from './limits.ts'
import { testOperation } from './testing/operation.ts'
import type { UserOperation } from './validatedOperation.ts'

const bounds = {
  limits: { ...defaultValidationLimits, maxVerificationGas: 1_000_000n, maxOperationGas: 5_000_000n },
  minimumFees: { maxFeePerGas: 10n, maxPriorityFeePerGas: 2n },
  version: entryPoint07,
  preVerificationGas: createPreVerificationGas({ bundleSize: 1, version: entryPoint07, fork: 'london' }),
}
const someone = '0x00000000000000000000000000000000000000aa'
const other = '0x00000000000000000000000000000000000000bb'

const bare = testOperation({ sender: someone, maxFeePerGas: 10n, maxPriorityFeePerGas: 2n })
const sponsored: UserOperation = {
  ...bare,
  paymaster: other,
  paymasterVerificationGasLimit: 100_000n,
  paymasterPostOpGasLimit: 10_000n,
  paymasterData: '0x',
}

describe('the bounds of the fields', () => {
  it.each([
    ['a plain operation', bare],
    ['a sponsored one', sponsored],
    ['one that deploys its account', { ...bare, factory: other, factoryData: '0x' }],
    ['limits at their maximum', { ...bare, verificationGasLimit: 1_000_000n, callGasLimit: 3_940_000n }],
  ] as const)('let %s pass', (_, operation) => {
    expect(checkFields(operation, bounds)).toMatchObject({ ok: true })
  })

  const cases: readonly [string, Partial<UserOperation>, UserOperation?][] = [
    ['userOperation', { callData: `0x${'00'.repeat(8_192)}` }],
    ['sender', { sender: zeroAddress }],
    ['factory', { factory: zeroAddress }],
    ['factory', { factory: someone }],
    ['factoryData', { factoryData: '0x12' }],
    ['paymaster', { paymaster: zeroAddress }, sponsored],
    ['paymasterVerificationGasLimit', { paymasterVerificationGasLimit: 1n }],
    ['paymasterPostOpGasLimit', { paymasterPostOpGasLimit: 1n }],
    ['paymasterData', { paymasterData: '0x12' }],
    ['verificationGasLimit', { verificationGasLimit: 1_000_001n }],
    ['verificationGasLimit', { verificationGasLimit: 0n }],
    ['paymasterVerificationGasLimit', { paymasterVerificationGasLimit: 1_000_001n }, sponsored],
    ['paymasterVerificationGasLimit', { paymasterVerificationGasLimit: 0n }, sponsored],
    ['callGasLimit', { callGasLimit: 4_500_000n }],
    ['callGasLimit', { preVerificationGas: 5_000_000n }],
    ['callGasLimit', { paymasterPostOpGasLimit: 5_000_000n }, sponsored],
    ['maxFeePerGas', { maxFeePerGas: 1n << 120n }],
    ['maxFeePerGas', { maxFeePerGas: 9n }],
    ['maxPriorityFeePerGas', { maxPriorityFeePerGas: 11n }],
    ['maxPriorityFeePerGas', { maxPriorityFeePerGas: 1n }],
    ['preVerificationGas', { preVerificationGas: 40_000n }],
  ]
  it.each(cases)('refuse by name, with the way out: %s %o', (field, change, operation = bare) => {
    const result = checkFields({ ...operation, ...change }, bounds)
    expect(result).toMatchObject({ ok: false, refusal: { code: -32602, data: { field } } })
    if (result.ok) return
    expect(result.refusal.message).toMatch(new RegExp(`^Invalid params: ${field} .+; .+`))
  })

  it('take just the preVerificationGas that is required, and not 100 gas less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000 }), length => {
        const operation = { ...bare, callData: `0x${'7b'.repeat(length)}` as const }
        // Its own bytes are part of what is paid for.
        let enough = bounds.preVerificationGas.required(operation)
        while (bounds.preVerificationGas.required({ ...operation, preVerificationGas: enough }) > enough)
          enough++
        expect(checkFields({ ...operation, preVerificationGas: enough }, bounds).ok).toBe(true)
        expect(checkFields({ ...operation, preVerificationGas: enough - 100n }, bounds).ok).toBe(false)
      }),
    )
  })
})
