import fc from 'fast-check'
import { formatUserOperationRequest } from 'viem/account-abstraction'
import { describe, expect, it } from 'vitest'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import { entryPointVersions } from '../entryPoint/entryPointVersions.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
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
const authorization = {
  chainId: '0x67',
  address,
  nonce: '0x5',
  yParity: '0x01',
  r: '0x0a',
  s: '0xb',
  // As the conformance suite sends it along.
  signer_private_key: null,
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
      // Bytes may be empty, and what is optional may be said to be absent.
      if (wrong === '0x' && (!required.includes(field) || ['callData', 'signature'].includes(field))) continue
      expect(parseUserOperation({ ...complete, [field]: wrong }, 'send', entryPoint07)).toMatchObject({
        ok: false,
        refusal: { code: -32602, message: expect.stringContaining(field), data: { field } },
      })
    }
  })

  it('takes 0x for none, as clients that keep the packed form send it', () => {
    const { factory, factoryData, paymaster, paymasterData, ...rest } = complete
    const none = {
      factory: '0x',
      factoryData: '0x',
      paymaster: '0x',
      paymasterVerificationGasLimit: '0x',
      paymasterPostOpGasLimit: '0x0',
      paymasterData: '0x',
    }
    const parsed = parseUserOperation({ ...rest, ...none }, 'send', entryPoint07)
    expect(parsed).toMatchObject({ ok: true, value: { sender: address } })
    for (const field of Object.keys(none).filter(name => name !== 'factoryData')) {
      expect(parsed.ok && parsed.value).not.toHaveProperty(field)
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
    ['eip7702Auth', {}, 'yParity'],
    ['authorization', {}, 'eip7702Auth'],
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

const bare = Object.fromEntries(required.map(name => [name, complete[name as keyof typeof complete]]))

describe('the form of other versions', () => {
  it('v0.6: takes initCode and paymasterAndData apart, and refuses half an address', () => {
    const { '0.6': version } = entryPointVersions
    const long = { ...bare, initCode: `${address}12`, paymasterAndData: address }
    expect(parseUserOperation(long, 'send', version)).toMatchObject({
      ok: true,
      value: { factory: address, factoryData: '0x12', paymaster: address, paymasterData: '0x' },
    })
    for (const field of ['initCode', 'paymasterAndData']) {
      const refused = parseUserOperation({ ...bare, [field]: '0x1234' }, 'send', version)
      expect(refused).toMatchObject({ refusal: { code: -32602, data: { field } } })
    }
    expect(parseUserOperation(complete, 'send', version)).toMatchObject({
      refusal: { message: expect.stringContaining('give initCode'), data: { field: 'factory' } },
    })
  })

  it('v0.9: a paymaster’s signature is the same beside its data and within', () => {
    const { '0.9': version } = entryPointVersions
    const within = { ...complete, paymasterData: '0xaabbccdd000222e325a297439656' }
    const beside = { ...complete, paymasterData: '0xaabb', paymasterSignature: '0xccdd' }
    const [one, other] = [within, beside].map(wire => parseUserOperation(wire, 'send', version))
    expect(one).toMatchObject({ ok: true, value: { paymasterData: '0xaabb', paymasterSignature: '0xccdd' } })
    expect(one).toEqual(other)
    expect(parseUserOperation({ ...complete, paymasterSignature: '0x' }, 'send', version)).toMatchObject({
      refusal: { code: -32602, data: { field: 'paymasterSignature' } },
    })
  })

  it.each(['0.8', '0.9'] as const)(
    'v%s: 0x7702 marks an account that delegates, in either writing',
    number => {
      const marker = `0x7702${'00'.repeat(18)}`
      for (const factory of ['0x7702', marker]) {
        const parsed = parseUserOperation(
          { ...bare, factory, eip7702Auth: authorization },
          'send',
          entryPointVersions[number],
        )
        expect(parsed).toMatchObject({ ok: true, value: { factory: marker, authorization: { yParity: 1 } } })
      }
    },
  )

  it('v0.8: a delegating account is refused without its authorization in so many words', () => {
    const marked = { ...bare, factory: '0x7702', eip7702Auth: null }
    expect(parseUserOperation(marked, 'send', entryPointVersions['0.8'])).toMatchObject({
      refusal: { code: -32602, message: expect.stringContaining('EIP-7702'), data: { field: 'factory' } },
    })
  })

  it('v0.8: what stands behind the marker is the call that sets a delegating account up', () => {
    const marked = { ...bare, factory: '0x7702', factoryData: '0x12', eip7702Auth: authorization }
    expect(parseUserOperation(marked, 'send', entryPointVersions['0.8'])).toMatchObject({
      ok: true,
      value: { factoryData: '0x12' },
    })
  })
})

describe('an authorization of EIP-7702', () => {
  it.each(['0.6', '0.7', '0.8', '0.9'] as const)('is read for v%s as it is written for it', number => {
    const { '0.6': oldest, [number]: version } = entryPointVersions
    const wire = { ...(version === oldest ? bare : { ...complete, factory: null, factoryData: null }) }
    const parsed = parseUserOperation({ ...wire, eip7702Auth: authorization }, 'send', version)
    if (!parsed.ok) throw new Error(parsed.refusal.message)
    const { r, s } = authorization
    expect(parsed.value.authorization).toMatchObject({ address, chainId: 103, nonce: 5, yParity: 1 })
    expect(JSON.parse(JSON.stringify(formatted(version, parsed.value)))).toMatchObject({
      eip7702Auth: { chainId: '0x67', address, nonce: '0x5', yParity: '0x01', r: word(r), s: word(s) },
    })
  })

  it.each([
    ['no address', { address: '0x7702' }],
    ['a nonce that no account has', { nonce: `0x${'ff'.repeat(8)}` }],
    ['a parity that is none', { yParity: '0x2' }],
    ['no signature', { r: null }],
    ['a word too long', { s: `0x1${'00'.repeat(32)}` }],
  ])('is refused with %s', (_, change) => {
    const eip7702Auth = { ...authorization, ...change }
    expect(parseUserOperation({ ...complete, eip7702Auth }, 'send', entryPoint07)).toMatchObject({
      refusal: { code: -32602, data: { field: 'eip7702Auth' } },
    })
  })

  it('comes alone [AUTH-010]', () => {
    const eip7702Auth = [authorization, authorization]
    expect(parseUserOperation({ ...complete, eip7702Auth }, 'send', entryPoint07)).toMatchObject({
      refusal: { code: -32602, data: { field: 'eip7702Auth', rule: 'AUTH-010' } },
    })
  })
})

function formatted({ wire }: EntryPointVersion, operation: UserOperation) {
  return formatUserOperationRequest(wire.fromOperation(operation))
}

function word(hex: string): string {
  return `0x${hex.slice(2).padStart(64, '0')}`
}
