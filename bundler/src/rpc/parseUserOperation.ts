// The wire form of a v0.7 user operation (ERC-7769) to ours: every field checked, every refusal names its field.

import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { type Address, getAddress, type Hex } from 'viem'
import type { UserOperation } from '../validation/validatedOperation.ts'

type FieldKind = 'address' | 'bytes' | 'uint256' | 'uint128'
type Presence = 'always' | 'optional' | 'zeroInEstimates' | 'emptyInEstimates'

const fields: Readonly<Record<keyof UserOperation & string, readonly [FieldKind, Presence]>> = {
  sender: ['address', 'always'],
  nonce: ['uint256', 'always'],
  factory: ['address', 'optional'],
  factoryData: ['bytes', 'optional'],
  callData: ['bytes', 'always'],
  callGasLimit: ['uint128', 'zeroInEstimates'],
  verificationGasLimit: ['uint128', 'zeroInEstimates'],
  preVerificationGas: ['uint256', 'zeroInEstimates'],
  maxFeePerGas: ['uint128', 'zeroInEstimates'],
  maxPriorityFeePerGas: ['uint128', 'zeroInEstimates'],
  paymaster: ['address', 'optional'],
  paymasterVerificationGasLimit: ['uint128', 'optional'],
  paymasterPostOpGasLimit: ['uint128', 'optional'],
  paymasterData: ['bytes', 'optional'],
  signature: ['bytes', 'emptyInEstimates'],
  authorization: ['bytes', 'optional'],
}
const served = Object.keys(fields).filter(name => name !== 'authorization')

/** `purpose` `estimate` lets gas, fees and signature be absent (ERC-7769 eth_estimateUserOperationGas). */
export function parseUserOperation(value: unknown, purpose: 'send' | 'estimate'): Result<UserOperation> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return invalid('userOperation', 'must be an object', 'send the unpacked v0.7 form of ERC-7769')
  }
  const wire = value as Record<string, unknown>
  const stranger = findStranger(wire)
  if (stranger !== undefined) return stranger
  const operation: Record<string, unknown> = {}
  for (const name of served) {
    const [kind, presence] = fields[name as keyof typeof fields]
    const given = wire[name] ?? undefined
    if (given === undefined) {
      if (presence === 'always' || (presence !== 'optional' && purpose === 'send')) {
        return invalid(name, 'is missing', `give it as ${expectation[kind]}`)
      }
      if (presence === 'zeroInEstimates') operation[name] = 0n
      if (presence === 'emptyInEstimates') operation[name] = '0x'
      continue
    }
    const parsed = parsers[kind](given)
    if (parsed === undefined) return invalid(name, `is ${show(given)}`, `it must be ${expectation[kind]}`)
    operation[name] = parsed
  }
  return checkPairs(operation as UserOperation)
}

/** Fields that v0.7 does not know would be lost in silence, and the hash would not match the signature. */
function findStranger(wire: Record<string, unknown>): Result<never> | undefined {
  for (const [name, value] of Object.entries(wire)) {
    if (value === null || value === undefined || served.includes(name)) continue
    if (name === 'initCode') return invalid(name, 'is a v0.6 field', 'give factory and factoryData')
    if (name === 'paymasterAndData') {
      return invalid(name, 'is a v0.6 field', 'give paymaster, its two gas limits and paymasterData')
    }
    if (name === 'eip7702Auth' || name === 'authorization') {
      return invalid(name, 'cannot be used: this chain has no EIP-7702', 'deploy the account by factory')
    }
    return invalid(
      name.slice(0, 64),
      'is not a field of a v0.7 user operation',
      `known are ${served.join(', ')}`,
    )
  }
  return undefined
}

function checkPairs(operation: UserOperation): Result<UserOperation> {
  if (operation.factory === undefined && (operation.factoryData ?? '0x') !== '0x') {
    return invalid('factoryData', 'is given without factory', 'give both or neither')
  }
  if (operation.paymaster === undefined) {
    const alone = (
      ['paymasterVerificationGasLimit', 'paymasterPostOpGasLimit', 'paymasterData'] as const
    ).find(name => (operation[name] ?? '0x') !== '0x' && operation[name] !== 0n)
    if (alone !== undefined) return invalid(alone, 'is given without paymaster', 'give paymaster or drop it')
    const { paymasterVerificationGasLimit, paymasterPostOpGasLimit, paymasterData, ...rest } = operation
    return accept(rest)
  }
  return accept(operation)
}

const expectation: Readonly<Record<FieldKind, string>> = {
  address: 'an address: 0x and 40 hex digits',
  bytes: 'bytes: 0x and an even number of hex digits',
  uint128: 'a quantity: 0x and 1 to 32 hex digits',
  uint256: 'a quantity: 0x and 1 to 64 hex digits',
}

const parsers: Readonly<Record<FieldKind, (value: unknown) => Address | Hex | bigint | undefined>> = {
  address: parseAddress,
  bytes: value =>
    typeof value === 'string' && /^0x(?:[0-9a-fA-F]{2})*$/.test(value) ? lowercase(value) : undefined,
  uint128: value => parseQuantity(value, 32),
  uint256: value => parseQuantity(value, 64),
}

export function parseAddress(value: unknown): Address | undefined {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(value)) return undefined
  return getAddress(value.toLowerCase())
}

function parseQuantity(value: unknown, maxDigits: number): bigint | undefined {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]+$/.test(value) || value.length > 2 + maxDigits)
    return undefined
  return BigInt(value)
}

function lowercase(value: string): Hex {
  return value.toLowerCase() as Hex
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

export function invalid(field: string, problem: string, mend: string): Result<never> {
  return refuse({
    code: rejectionCode.invalidFields,
    message: `Invalid params: ${field} ${problem}; ${mend}`,
    data: { field },
  })
}
