// A v0.7 user operation in the wire form of ERC-7769, for accounts that ask for no real signature.

import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Address, type Hex, hexToBigInt, numberToHex } from 'viem'
import { getUserOperationHash, type UserOperation } from 'viem/account-abstraction'
import { generatePrivateKey } from 'viem/accounts'

export type WireOperation = Readonly<Record<string, unknown>> & { readonly sender: Address }

const gwei = 1_000_000_000

/** Ample gas and fees, and a nonce key that nobody used, unless `fields` say otherwise. */
export function wireOperation(
  sender: Address,
  fields: Readonly<Record<string, unknown>> = {},
): WireOperation {
  return {
    sender,
    nonce: freshNonce(),
    callData: '0x',
    callGasLimit: numberToHex(100_000),
    verificationGasLimit: numberToHex(400_000),
    preVerificationGas: numberToHex(100_000),
    maxFeePerGas: numberToHex(20 * gwei),
    maxPriorityFeePerGas: numberToHex(2 * gwei),
    signature: `0x${'5a'.repeat(65)}`,
    ...fields,
  }
}

/** The fields that send an operation on a paymaster's account. */
export function paidBy(paymaster: Address): Readonly<Record<string, unknown>> {
  return {
    paymaster,
    paymasterVerificationGasLimit: numberToHex(200_000),
    paymasterPostOpGasLimit: numberToHex(0),
    paymasterData: '0x',
  }
}

export function freshNonce(): Hex {
  return numberToHex((hexToBigInt(generatePrivateKey()) >> 96n) << 64n)
}

const quantities = [
  'nonce',
  'callGasLimit',
  'verificationGasLimit',
  'preVerificationGas',
  'maxFeePerGas',
  'maxPriorityFeePerGas',
  'paymasterVerificationGasLimit',
  'paymasterPostOpGasLimit',
]

/** userOpHash, reckoned without the bundler. */
export function hashOf(operation: object): Hex {
  return getUserOperationHash({
    userOperation: fromWire(operation),
    chainId: 103,
    entryPointAddress: entryPoint07Address,
    entryPointVersion: '0.7',
  })
}

export function fromWire(operation: object): UserOperation<'0.7'> {
  const entries = Object.entries(operation).map(([name, value]) => [
    name,
    quantities.includes(name) ? BigInt(value as Hex) : value,
  ])
  return Object.fromEntries(entries) as UserOperation<'0.7'>
}
