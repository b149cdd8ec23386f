import * as bundleGuard from '@worldland-aa/sdk/abi/bundleGuard'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { encodePaymasterData, type PaymasterTerms } from '@worldland-aa/sdk/protocol/paymasterData'
import { type Address, concat, encodeFunctionData, type Hex, numberToHex, padHex, size } from 'viem'
import { getUserOperationHash, toPackedUserOperation, type UserOperation } from 'viem/account-abstraction'
import { expect, it } from 'vitest'
import { landedTerms } from './landedTerms.ts'

const address = (number: number): Address => padHex(numberToHex(number), { size: 20 })
const domain = { chainId: 103, entryPoint: address(1), paymaster: address(2) }
const terms: PaymasterTerms = {
  mode: 'sponsor',
  policyId: padHex('0x07', { size: 16 }),
  validUntil: 9,
  validAfter: 3,
}

function operationUnder(given: PaymasterTerms, nonce = 5n): UserOperation<'0.7'> {
  return {
    ...{ sender: address(3), nonce, callData: '0x1234', signature: '0xabcd' },
    ...{ callGasLimit: 1n, verificationGasLimit: 2n, preVerificationGas: 3n },
    ...{ maxFeePerGas: 4n, maxPriorityFeePerGas: 5n },
    paymaster: domain.paymaster,
    ...{ paymasterVerificationGasLimit: 6n, paymasterPostOpGasLimit: 7n },
    paymasterData: encodePaymasterData(given, padHex('0x11', { size: 65 })),
  }
}

const signed = operationUnder(terms)
const landing = {
  sender: signed.sender,
  nonce: signed.nonce,
  userOperationHash: getUserOperationHash({
    ...{ chainId: domain.chainId, entryPointAddress: domain.entryPoint, entryPointVersion: '0.7' as const },
    userOperation: signed,
  }),
}
const bundleOf = (...operations: readonly UserOperation<'0.7'>[]): Hex =>
  encodeFunctionData({
    ...{ abi: entryPoint07Abi, functionName: 'handleOps' },
    args: [operations.map(one => toPackedUserOperation(one)), address(9)],
  })

it('reads the terms of a landed operation out of its bundle, whoever else is in it', () => {
  expect(landedTerms(bundleOf(operationUnder(terms, 4n), signed), landing, domain)).toEqual(terms)
})

it('reads them out of a bundle that went through the BundleGuard', () => {
  const args = [[toPackedUserOperation(signed)], address(9), 100n] as const
  const input = encodeFunctionData({ abi: [bundleGuard.handleOps], args })
  expect(landedTerms(input, landing, domain)).toEqual(terms)
})

it('believes no other terms that stand there under its sender and nonce', () => {
  const other = operationUnder({ ...terms, policyId: padHex('0x08', { size: 16 }) })
  expect(landedTerms(bundleOf(other), landing, domain)).toBeUndefined()
  expect(landedTerms(bundleOf(other, signed), landing, domain)).toEqual(terms)
})

it('decodes nothing that no encoder writes, and no other call', () => {
  const bundle = bundleOf(signed)
  // The list begins a word further on than an encoder puts it.
  const [selector, rest] = [bundle.slice(0, 10) as Hex, `0x${bundle.slice(10 + 64)}` as Hex]
  const shifted = concat([
    selector,
    padHex('0x60', { size: 32 }),
    `0x${rest.slice(2, 66)}`,
    padHex('0x', { size: 32 }),
    `0x${rest.slice(66)}`,
  ])
  expect(size(shifted)).toBe(size(bundle) + 32)
  expect(landedTerms(shifted, landing, domain)).toBeUndefined()
  expect(landedTerms(`0xdeadbeef${bundle.slice(10)}`, landing, domain)).toBeUndefined()
  expect(landedTerms('0x', landing, domain)).toBeUndefined()
})

it('reads nothing of who pays himself', () => {
  const { paymaster, paymasterData, paymasterPostOpGasLimit, paymasterVerificationGasLimit, ...own } = signed
  const userOperationHash = getUserOperationHash({
    ...{ chainId: domain.chainId, entryPointAddress: domain.entryPoint, entryPointVersion: '0.7' as const },
    userOperation: own as UserOperation<'0.7'>,
  })
  expect(
    landedTerms(bundleOf(own as UserOperation<'0.7'>), { ...landing, userOperationHash }, domain),
  ).toBeUndefined()
})
