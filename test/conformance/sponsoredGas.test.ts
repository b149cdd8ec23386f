// Two daemons that never meet agree on what an operation's bytes cost: what a bundler of ours demands or estimates, a
// paymaster of ours signs for, and hardly more.
import { entryPoint07 } from '@worldland-aa/bundler/entryPoint/entryPoint07'
import { createPreVerificationGas } from '@worldland-aa/bundler/estimation/preVerificationGas'
import type { UserOperation } from '@worldland-aa/bundler/validation/validatedOperation'
import { mostPreVerificationGas } from '@worldland-aa/paymaster/pricing/preVerificationGas'
import type { RequestedOperation } from '@worldland-aa/paymaster/requestedOperation'
import fc from 'fast-check'
import { type Hex, size, slice } from 'viem'
import { expect, it } from 'vitest'

const address = '0x5000000000000000000000000000000000000005'
const executeUserOperation = '0x8dd7712f'
const bytes = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((array): Hex => `0x${Buffer.from(array).toString('hex')}`)
const gas = fc.bigInt({ min: 1n, max: 0xffffffn })
const fee = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n })
const requested: fc.Arbitrary<RequestedOperation> = fc
  .record({
    nonce: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    callData: bytes(0, 3_000),
    executes: fc.boolean(),
    deploys: fc.boolean(),
    factoryData: bytes(0, 300),
    signature: bytes(65, 768),
    callGasLimit: gas,
    verificationGasLimit: gas,
    preVerificationGas: gas,
    maxFeePerGas: fee,
    maxPriorityFeePerGas: fee,
  })
  .map(({ executes, deploys, factoryData, callData, ...fields }) => ({
    sender: address,
    ...fields,
    callData: executes ? (`${executeUserOperation}${callData.slice(2)}` as Hex) : callData,
    ...(deploys ? { factory: address, factoryData } : {}),
  }))
/** Sponsored, or paid in the token: the terms of the two lengths, signed. */
const paymasterData = fc.oneof(bytes(29 + 65, 29 + 65), bytes(47 + 65, 47 + 65))

const bundler = createPreVerificationGas({ bundleSize: 1, version: entryPoint07, fork: 'london' })
const guardedBundler = createPreVerificationGas({
  bundleSize: 1,
  version: entryPoint07,
  fork: 'london',
  isGuarded: true,
})
const signedFor = (operation: RequestedOperation, slackPercent = 0) =>
  mostPreVerificationGas(operation, { slackPercent, maxSignatureBytes: 768 })
const asSent = (operation: RequestedOperation, data: Hex): UserOperation =>
  ({
    ...operation,
    paymaster: address,
    paymasterVerificationGasLimit: 50_000n,
    paymasterPostOpGasLimit: 48_000n,
    paymasterData: data,
  }) as UserOperation

it('signs for whatever a bundler of ours demands or estimates, without any slack', () => {
  fc.assert(
    fc.property(requested, paymasterData, (operation, data) => {
      const userOperation = asSent(operation, data)
      // A paymaster's context, eight words at the most.
      const facts = { contextBytes: 256 }
      expect(signedFor(operation)).toBeGreaterThanOrEqual(bundler.required(userOperation, facts))
      expect(signedFor(operation)).toBeGreaterThanOrEqual(bundler.estimate(userOperation, facts))
    }),
  )
})

it('signs for what a bundler of an open network demands or estimates for its guard, and for hardly more', () => {
  fc.assert(
    fc.property(requested, paymasterData, (operation, data) => {
      const userOperation = asSent(operation, data)
      const facts = { contextBytes: 256 }
      const most = mostPreVerificationGas(operation, {
        slackPercent: 0,
        maxSignatureBytes: 768,
        isGuarded: true,
      })
      expect(most).toBeGreaterThanOrEqual(guardedBundler.required(userOperation, facts))
      expect(most).toBeGreaterThanOrEqual(guardedBundler.estimate(userOperation, facts))
      const widest = asSent(operation, `0x${'ff'.repeat(29 + 65)}`)
      expect(most).toBeLessThanOrEqual(guardedBundler.estimate(widest) + 2_000n)
    }),
  )
})

it('signs for it as well where the terms name another token and its rate', () => {
  fc.assert(
    fc.property(requested, bytes(83 + 65, 83 + 65), (operation, data) => {
      const most = mostPreVerificationGas(operation, {
        slackPercent: 0,
        maxSignatureBytes: 768,
        isPaidInErc20: true,
      })
      expect(most).toBeGreaterThanOrEqual(bundler.required(asSent(operation, data), { contextBytes: 256 }))
      expect(most - signedFor(operation)).toBeLessThanOrEqual(1_000n)
    }),
  )
})

it('signs for hardly more than a bundler of ours estimates', () => {
  fc.assert(
    fc.property(requested, operation => {
      const estimate = bundler.estimate(asSent(operation, `0x${'ff'.repeat(29 + 65)}`))
      // A word that is not there in sponsor mode, the paymaster limits at their widest, and the context.
      expect(signedFor(operation)).toBeLessThanOrEqual(estimate + 2_000n)
      expect(signedFor(operation, 10)).toBe((signedFor(operation) * 110n + 99n) / 100n)
    }),
  )
})

it('counts no more of a claimed signature than is set', () => {
  fc.assert(
    fc.property(requested, bytes(769, 4_000), (operation, signature) => {
      const counted = slice(signature, 0, 768)
      expect(size(counted)).toBe(768)
      expect(signedFor({ ...operation, signature })).toBe(signedFor({ ...operation, signature: counted }))
    }),
  )
})
