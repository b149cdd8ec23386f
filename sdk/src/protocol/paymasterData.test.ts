import fc from 'fast-check'
import { getAddress, type Hex, hashTypedData, recoverTypedDataAddress, size, toHex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import {
  decodePaymasterData,
  encodePaymasterData,
  type OperationUnderTerms,
  type PaymasterTerms,
  sponsoredUserOperationTypedData,
} from './paymasterData.ts'

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(array => toHex(array))
const seconds = fc.integer({ min: 0, max: 2 ** 48 - 1 })
const terms: fc.Arbitrary<PaymasterTerms> = fc.oneof(
  fc.record({
    mode: fc.constant('sponsor' as const),
    validUntil: seconds,
    validAfter: seconds,
    policyId: bytes(16),
  }),
  fc.record({
    mode: fc.constantFrom('token' as const, 'tokenDeferred' as const, 'tank' as const),
    validUntil: seconds,
    validAfter: seconds,
    policyId: bytes(16),
    markupBps: fc.integer({ min: 0, max: 65_535 }),
    maxChargeWei: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
  }),
  fc.record({
    mode: fc.constant('erc20' as const),
    validUntil: seconds,
    validAfter: seconds,
    policyId: bytes(16),
    markupBps: fc.integer({ min: 0, max: 65_535 }),
    maxChargeUnits: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
    token: bytes(20).map(address => getAddress(address)),
    rate: fc.bigInt({ min: 1n, max: 2n ** 128n - 1n }),
  }),
)

const sponsored: PaymasterTerms = {
  mode: 'sponsor',
  validUntil: 0x010203040506,
  validAfter: 7,
  policyId: '0x000102030405060708090a0b0c0d0e0f',
}
const charged: PaymasterTerms = {
  ...sponsored,
  mode: 'tokenDeferred',
  markupBps: 1000,
  maxChargeWei: 255n,
}
const paidInErc20: PaymasterTerms = {
  ...sponsored,
  mode: 'erc20',
  markupBps: 1000,
  maxChargeUnits: 255n,
  token: '0x4000000000000000000000000000000000000004',
  rate: 2_500_000n,
}
const signature: Hex = `0x${'ab'.repeat(65)}`
const userOperation: OperationUnderTerms = {
  sender: '0x1000000000000000000000000000000000000001',
  nonce: 5n,
  factory: '0x2000000000000000000000000000000000000002',
  factoryData: '0x1234',
  callData: '0xb61d27f6',
  callGasLimit: 100_000n,
  verificationGasLimit: 200_000n,
  preVerificationGas: 50_000n,
  maxFeePerGas: 2_000_000_000n,
  maxPriorityFeePerGas: 1_000_000_000n,
  paymaster: '0x3000000000000000000000000000000000000003',
  paymasterVerificationGasLimit: 60_000n,
  paymasterPostOpGasLimit: 40_000n,
}

describe('paymasterData', () => {
  it('packs sponsor terms as the contract reads them', () => {
    expect(encodePaymasterData(sponsored, signature)).toBe(
      `0x00${'010203040506'}${'000000000007'}${'000102030405060708090a0b0c0d0e0f'}${'ab'.repeat(65)}`,
    )
  })

  it('packs token terms as the contract reads them', () => {
    expect(encodePaymasterData(charged, signature)).toBe(
      `0x02${'010203040506'}${'000000000007'}${'000102030405060708090a0b0c0d0e0f'}${'03e8'}${'ff'.padStart(32, '0')}${'ab'.repeat(65)}`,
    )
  })

  it('packs the terms of another ERC-20 as the contract reads them', () => {
    expect(encodePaymasterData(paidInErc20, signature)).toBe(
      `0x04${'010203040506'}${'000000000007'}${'000102030405060708090a0b0c0d0e0f'}${'03e8'}${'ff'.padStart(32, '0')}${'4000000000000000000000000000000000000004'}${'2625a0'.padStart(32, '0')}${'ab'.repeat(65)}`,
    )
  })

  it('is read back exactly as it was written', () => {
    fc.assert(
      fc.property(terms, bytes(65), (written, signed) => {
        expect(decodePaymasterData(encodePaymasterData(written, signed))).toEqual({
          terms: written,
          signature: signed,
        })
      }),
    )
  })

  it('is not read when it has another length or an unknown mode', () => {
    const data = encodePaymasterData(charged, signature)
    expect(decodePaymasterData(`${data}00`)).toBeUndefined()
    expect(decodePaymasterData(data.slice(0, -2) as Hex)).toBeUndefined()
    expect(decodePaymasterData(`0x05${data.slice(4)}`)).toBeUndefined()
    expect(decodePaymasterData(`0x00${data.slice(4)}`)).toBeUndefined()
    expect(decodePaymasterData(`0x04${data.slice(4)}`)).toBeUndefined()
    expect(decodePaymasterData('0x')).toBeUndefined()
  })

  it('refuses a signature of another length', () => {
    expect(() => encodePaymasterData(sponsored, '0xabcd')).toThrow('has 65 bytes, not 2')
  })
})

describe('the message a paymaster signs', () => {
  const hash = (change: Partial<OperationUnderTerms>, under: PaymasterTerms = charged, chainId = 103) =>
    hashTypedData(
      sponsoredUserOperationTypedData({
        chainId,
        userOperation: { ...userOperation, ...change },
        terms: under,
      }),
    )

  it('recovers to its signer', async () => {
    const account = privateKeyToAccount(generatePrivateKey())
    const typedData = sponsoredUserOperationTypedData({ chainId: 103, userOperation, terms: charged })
    const signed = await account.signTypedData(typedData)
    expect(size(signed)).toBe(65)
    expect(await recoverTypedDataAddress({ ...typedData, signature: signed })).toBe(account.address)
  })

  it('changes with every field of the operation, of the terms, and with the chain', () => {
    const other = '0x9000000000000000000000000000000000000009'
    const hashes = [
      hash({}),
      hash({ sender: other }),
      hash({ nonce: 6n }),
      hash({ factory: other }),
      hash({ factoryData: '0x1235' }),
      hash({ callData: '0xb61d27f7' }),
      hash({ callGasLimit: 100_001n }),
      hash({ verificationGasLimit: 200_001n }),
      hash({ preVerificationGas: 50_001n }),
      hash({ maxFeePerGas: 2_000_000_001n }),
      hash({ maxPriorityFeePerGas: 1_000_000_001n }),
      hash({ paymaster: other }),
      hash({ paymasterVerificationGasLimit: 60_001n }),
      hash({ paymasterPostOpGasLimit: 40_001n }),
      hash({}, { ...charged, mode: 'token' }),
      hash({}, { ...charged, validUntil: 1 }),
      hash({}, { ...charged, validAfter: 1 }),
      hash({}, { ...charged, policyId: `0x${'11'.repeat(16)}` }),
      hash({}, { ...charged, markupBps: 1001 }),
      hash({}, { ...charged, maxChargeWei: 256n }),
      hash({}, sponsored),
      hash({}, paidInErc20),
      hash({}, { ...paidInErc20, token: other }),
      hash({}, { ...paidInErc20, rate: 2_500_001n }),
      hash({}, { ...paidInErc20, maxChargeUnits: 256n }),
      hash({}, charged, 104),
    ]
    expect(new Set(hashes).size).toBe(hashes.length)
  })
})
