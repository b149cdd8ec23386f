// The wire form of a user operation (ERC-7769) to ours: every field checked, every refusal names its field.

import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import { type Result, refuse } from '@worldland-aa/service/result'
import { type Address, getAddress, type Hex } from 'viem'
import { delegationMarker } from '../entryPoint/delegation.ts'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { FieldKind, Purpose } from '../entryPoint/wireShape.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { parseAuthorization } from './parseAuthorization.ts'
import { parseQuantity } from './parseQuantity.ts'

/** `purpose` `estimate` lets gas, fees and signature be absent (ERC-7769 eth_estimateUserOperationGas). */
export function parseUserOperation(
  value: unknown,
  purpose: Purpose,
  version: Pick<EntryPointVersion, 'number' | 'wire'>,
): Result<UserOperation> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return invalid('userOperation', 'must be an object', `send the v${version.number} form of ERC-7769`)
  }
  const wire = value as Record<string, unknown>
  const stranger = findStranger(wire, version)
  if (stranger !== undefined) return stranger
  const operation: Record<string, unknown> = {}
  for (const [name, [kind, presence]] of Object.entries(version.wire.fields)) {
    const given = wire[name] ?? undefined
    // Clients that keep the packed form say so that there is none; among bytes it is what it says.
    const isNone = given === '0x' && presence === 'optional' && kind !== 'bytes'
    if (given === undefined || isNone) {
      if (presence === 'always' || (presence !== 'optional' && purpose === 'send')) {
        return invalid(name, 'is missing', `give it as ${expectation[kind]}`)
      }
      if (presence === 'zeroInEstimates') operation[name] = 0n
      if (presence === 'emptyInEstimates') operation[name] = '0x'
      continue
    }
    // ERC-7562 [AUTH-010]
    if (kind === 'authorization' && Array.isArray(given)) return severalAuthorizations(name)
    const parsed = parsers[kind](given)
    if (parsed === undefined) return invalid(name, `is ${show(given)}`, `it must be ${expectation[kind]}`)
    operation[kind === 'authorization' ? kind : name] = parsed
  }
  return version.wire.toOperation(operation, purpose)
}

/** Fields that this version does not know would be lost in silence, and the hash would not match the signature. */
function findStranger(
  wire: Record<string, unknown>,
  { number, wire: { fields, foreign } }: Pick<EntryPointVersion, 'number' | 'wire'>,
): Result<never> | undefined {
  for (const [name, value] of Object.entries(wire)) {
    if (value === null || value === undefined || Object.hasOwn(fields, name)) continue
    if (Object.hasOwn(foreign, name)) {
      const [problem, mend] = foreign[name] as (typeof foreign)[string]
      return invalid(name, problem, mend)
    }
    if (name === 'authorization') return invalid(name, 'is not a field of ERC-7769', 'give it as eip7702Auth')
    return invalid(
      name.slice(0, 64),
      `is not a field of a v${number} user operation`,
      `known are ${Object.keys(fields).join(', ')}`,
    )
  }
  return undefined
}

const expectation: Readonly<Record<FieldKind, string>> = {
  address: 'an address: 0x and 40 hex digits',
  factory: 'an address: 0x and 40 hex digits; or 0x7702',
  authorization: 'an object with chainId, address, nonce, yParity, r and s, in hex',
  bytes: 'bytes: 0x and an even number of hex digits',
  uint128: 'a quantity: 0x and 1 to 32 hex digits',
  uint256: 'a quantity: 0x and 1 to 64 hex digits',
}

const parsers: Readonly<Record<FieldKind, (value: unknown) => unknown>> = {
  address: parseAddress,
  factory: value => (value === '0x7702' ? delegationMarker : parseAddress(value)),
  authorization: parseAuthorization,
  bytes: value =>
    typeof value === 'string' && /^0x(?:[0-9a-fA-F]{2})*$/.test(value) ? lowercase(value) : undefined,
  uint128: value => parseQuantity(value, 32),
  uint256: value => parseQuantity(value, 64),
}

export function parseAddress(value: unknown): Address | undefined {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(value)) return undefined
  return getAddress(value.toLowerCase())
}

function severalAuthorizations(field: string): Result<never> {
  return refuse({
    code: rejectionCode.invalidFields,
    message: `Invalid params: ${field} is a list; an operation carries one authorization: give it as an object`,
    data: { field, rule: 'AUTH-010' },
  })
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
