import {
  decodePaymasterData,
  encodePaymasterData,
  type PaymasterTerms,
} from '@worldland-aa/sdk/protocol/paymasterData'
import fc from 'fast-check'
import { type Hex, keccak256, recoverAddress, size, toHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { stubPaymasterData } from './stubData.ts'

const zeroBytes = (data: Hex) => (data.slice(2).match(/../g) ?? []).filter(byte => byte === '00').length
const terms: fc.Arbitrary<PaymasterTerms> = fc
  .record({
    mode: fc.constantFrom(
      'sponsor' as const,
      'token' as const,
      'tokenDeferred' as const,
      'tank' as const,
      'erc20' as const,
    ),
    validUntil: fc.integer({ min: 1, max: 2 ** 40 }),
    validAfter: fc.constant(0),
    policyId: fc.uint8Array({ minLength: 16, maxLength: 16 }).map(bytes => toHex(bytes)),
    markupBps: fc.nat(65_535),
    maxChargeWei: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
  })
  .map(({ markupBps, maxChargeWei, mode, ...validity }): PaymasterTerms => {
    if (mode === 'sponsor') return { mode, ...validity }
    if (mode !== 'erc20') return { mode, ...validity, markupBps, maxChargeWei }
    const token = '0x1111111111111111111111111111111111111111'
    return { mode, ...validity, markupBps, maxChargeUnits: maxChargeWei, token, rate: maxChargeWei / 3n + 1n }
  })

describe('stub data', () => {
  it('is as long as the final data and has no more zero bytes', () => {
    fc.assert(
      fc.property(terms, fc.uint8Array({ minLength: 65, maxLength: 65 }), (written, signature) => {
        const [stub, final] = [stubPaymasterData(written), encodePaymasterData(written, toHex(signature))]
        expect(size(stub)).toBe(size(final))
        expect(zeroBytes(stub)).toBeLessThanOrEqual(zeroBytes(final))
      }),
    )
  })

  it('carries a signature that recovers, so that verification takes its usual path', async () => {
    const stub = stubPaymasterData({
      mode: 'sponsor',
      validUntil: 1,
      validAfter: 0,
      policyId: `0x${'11'.repeat(16)}`,
    })
    const signature = decodePaymasterData(stub)?.signature ?? '0x'
    expect(await recoverAddress({ hash: keccak256('0x'), signature })).toMatch(/^0x/)
  })
})
