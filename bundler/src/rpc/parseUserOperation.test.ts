import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { parseUserOperation } from './parseUserOperation.ts'

const address = '0x1111111111111111111111111111111111111111'
const complete = {
  sender: address,
  nonce: '0x1',
  factory: address,
  factoryData: '0x12',
  callData: '0xABcd',
  callGasLimit: '0x1',
  verificationGasLimit: '0x2',
  preVerificationGas: '0x3',
  maxFeePerGas: '0x4',
  maxPriorityFeePerGas: '0x5',
  paymaster: address,
  paymasterVerificationGasLimit: '0x6',
  paymasterPostOpGasLimit: '0x7',
  paymasterData: '0x',
  signature: '0x00',
}
const required = [
  'sender',
  'nonce',
  'callData',
  'callGasLimit',
  'verificationGasLimit',
  'preVerificationGas',
  'maxFeePerGas',
  'maxPriorityFeePerGas',
  'signature',
]

describe('reading a user operation off the wire', () => {
  it('takes every field in any letter case', () => {
    const parsed = parseUserOperation(complete, 'send', entryPoint07)
    expect(parsed).toMatchObject({
      ok: true,
      value: { nonce: 1n, callData: '0xabcd', paymasterPostOpGasLimit: 7n },
    })
  })

  it.each(Object.keys(complete))('refuses a malformed %s with -32602 naming it', field => {
    for (const wrong of [1, true, {}, [], '', 'x', '0x', '0xg0', '12', `0x${'f'.repeat(65)}`, ' 0x01']) {
      if (wrong === '0x' && ['callData', 'factoryData', 'paymasterData', 'signature'].includes(field))
        continue
      expect(parseUserOperation({ ...complete, [field]: wrong }, 'send', entryPoint07)).toMatchObject({
        ok: false,
        refusal: { code: -32602, message: expect.stringContaining(field), data: { field } },
      })
    }
  })

  it.each(required)('refuses an operation to be sent without %s', field => {
    const { [field as keyof typeof complete]: _, ...rest } = complete
    expect(parseUserOperation(rest, 'send', entryPoint07)).toMatchObject({
      ok: false,
      refusal: { data: { field } },
    })
  })

  it('fills in what an estimate may leave out, and takes explicit nulls', () => {
    const parsed = parseUserOperation(
      { sender: address, nonce: '0x0', callData: '0x', paymaster: null, eip7702Auth: null, factory: null },
      'estimate',
      entryPoint07,
    )
    expect(parsed).toMatchObject({ ok: true, value: { callGasLimit: 0n, maxFeePerGas: 0n, signature: '0x' } })
  })

  it.each([
    ['initCode', '0x', 'factory and factoryData'],
    ['paymasterAndData', '0x', 'v0.6'],
    ['eip7702Auth', {}, 'EIP-7702'],
    ['signatur', '0x', 'not a field'],
  ])('says what to do about %s', (field, value, hint) => {
    expect(parseUserOperation({ ...complete, [field]: value }, 'send', entryPoint07)).toMatchObject({
      refusal: { code: -32602, message: expect.stringContaining(hint), data: { field } },
    })
  })

  it.each([
    ['factoryData', { ...complete, factory: undefined }],
    ['paymasterVerificationGasLimit', { ...complete, paymaster: undefined }],
  ])('refuses %s alone', (field, operation) => {
    expect(parseUserOperation(operation, 'send', entryPoint07)).toMatchObject({
      ok: false,
      refusal: { data: { field } },
    })
  })

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), value => {
        expect(() => parseUserOperation(value, 'send', entryPoint07)).not.toThrow()
      }),
    )
    fc.assert(
      fc.property(
        fc.record(Object.fromEntries(Object.keys(complete).map(key => [key, fc.anything()]))),
        value => {
          const parsed = parseUserOperation(value, 'estimate', entryPoint07)
          if (!parsed.ok) expect(parsed.refusal.code).toBe(-32602)
        },
      ),
    )
  })
})
