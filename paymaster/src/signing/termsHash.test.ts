import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import {
  encodePaymasterData,
  type OperationUnderTerms,
  type PaymasterTerms,
  sponsoredUserOperationTypedData,
} from '@worldland-aa/sdk/protocol/paymasterData'
import fc from 'fast-check'
import { type Address, getAddress, type Hex, hashTypedData, toHex } from 'viem'
import { getUserOperationHash } from 'viem/account-abstraction'
import { describe, expect, it } from 'vitest'
import { createTermsHash } from './termsHash.ts'

const bytes = (length: { minLength: number; maxLength: number }): fc.Arbitrary<Hex> =>
  fc.uint8Array(length).map(value => toHex(value))
const exactly = (length: number) => bytes({ minLength: length, maxLength: length })
const address: fc.Arbitrary<Address> = exactly(20).map(value => getAddress(value))
const upTo = (bits: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n })
const time = fc.integer({ min: 0, max: 2 ** 48 - 1 })

const operation: fc.Arbitrary<OperationUnderTerms> = fc
  .record({
    sender: address,
    nonce: upTo(256),
    deployment: fc.option(
      fc.record({ factory: address, factoryData: bytes({ minLength: 0, maxLength: 200 }) }),
      { nil: {} },
    ),
    callData: bytes({ minLength: 0, maxLength: 300 }),
    callGasLimit: upTo(128),
    verificationGasLimit: upTo(128),
    preVerificationGas: upTo(256),
    maxFeePerGas: upTo(128),
    maxPriorityFeePerGas: upTo(128),
    paymaster: address,
    paymasterVerificationGasLimit: upTo(128),
    paymasterPostOpGasLimit: upTo(128),
  })
  .map(({ deployment, ...rest }) => ({ ...rest, ...deployment }))

const validity = { policyId: exactly(16), validUntil: time, validAfter: time }
const terms: fc.Arbitrary<PaymasterTerms> = fc.oneof(
  fc.record({ mode: fc.constant('sponsor' as const), ...validity }),
  fc.record({
    mode: fc.constantFrom('token' as const, 'tokenDeferred' as const, 'tank' as const),
    ...validity,
    markupBps: fc.integer({ min: 0, max: 65_535 }),
    maxChargeWei: upTo(128),
  }),
  fc.record({
    mode: fc.constant('erc20' as const),
    ...validity,
    markupBps: fc.integer({ min: 0, max: 65_535 }),
    maxChargeUnits: upTo(128),
    token: exactly(20),
    rate: upTo(128),
  }),
)

describe('what is signed', () => {
  it("is viem's EIP-712 digest of the operation and its terms, and lands under viem's hash of it", () => {
    const hashOf = createTermsHash({ chainId: 103, entryPoint: entryPoint07Address })
    fc.assert(
      fc.property(operation, terms, exactly(65), (userOperation, given, signature) => {
        const hashes = hashOf(userOperation, given)
        const typedData = sponsoredUserOperationTypedData({ chainId: 103, userOperation, terms: given })
        expect(toHex(hashes.digest)).toBe(hashTypedData(typedData))
        expect(hashes.userOperationHash(signature)).toBe(
          getUserOperationHash({
            chainId: 103,
            entryPointAddress: entryPoint07Address,
            entryPointVersion: '0.7',
            userOperation: {
              ...userOperation,
              paymasterData: encodePaymasterData(given, signature),
              signature: '0x',
            },
          }),
        )
      }),
    )
  })
})
