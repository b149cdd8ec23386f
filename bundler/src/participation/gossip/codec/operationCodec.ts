// User operations ↔ bytes, for one EntryPoint. What is read is as well formed as what JSON-RPC lets in.
import type { Type } from '@chainsafe/ssz'
import { type Address, getAddress, type Hash, type Hex, hexToBigInt, isAddressEqual, numberToHex } from 'viem'
import type { EntryPointVersion } from '../../../entryPoint/entryPointVersion.ts'
import type { UserOperation } from '../../../validation/validatedOperation.ts'
import {
  operationsList,
  UserOperation06,
  UserOperation07,
  UserOperation09,
  type UserOperationContainer,
  verifiedUserOperation,
} from './containers.ts'
import { type Decoded, decoded, malformed } from './decoded.ts'
import { deserialize, toBytes, toHex } from './serialize.ts'

export type VerifiedOperation = {
  readonly userOperation: UserOperation
  /** The block at which whoever tells of it has judged it. */
  readonly verifiedAt: Hash
}

export type OperationCodec = {
  encode(operation: VerifiedOperation): Uint8Array
  decode(bytes: Uint8Array): Decoded<VerifiedOperation>
  encodeList(operations: readonly VerifiedOperation[]): Uint8Array
  /** Each by itself: one that is malformed does not spoil the others. */
  decodeList(bytes: Uint8Array): Decoded<readonly Decoded<VerifiedOperation>[]>
}

/** Whatever the container holds, by our names. */
type Fields = Record<string, Uint8Array | bigint | null | Record<string, Uint8Array | bigint>>
type Verified = { userOperation: Fields; entryPoint: Uint8Array; verifiedAtBlockHash: bigint }

const containers: Readonly<Record<EntryPointVersion['number'], UserOperationContainer>> = {
  '0.6': UserOperation06,
  '0.7': UserOperation07,
  '0.8': UserOperation07,
  '0.9': UserOperation09,
}

export function createOperationCodec(options: {
  version: Pick<EntryPointVersion, 'number' | 'wire'>
  entryPoint: Address
}): OperationCodec {
  const { version, entryPoint } = options
  const container = containers[version.number]
  const single = verifiedUserOperation(container) as unknown as Type<Verified>
  const list = operationsList(container) as unknown as Type<Verified[]>
  const names = Object.keys(container.fields)

  function toFields({ userOperation, verifiedAt }: VerifiedOperation): Verified {
    const given = version.wire.fromOperation(userOperation) as Record<string, unknown>
    const fields = names.map(name => {
      const value = given[name === 'eip7702Auth' ? 'authorization' : name]
      if (value === undefined) return [name, isBytesOf06(name) ? new Uint8Array() : null]
      if (typeof value === 'bigint') return [name, value]
      return [
        name,
        typeof value === 'string' ? toBytes(value as Hex) : authorizationFields(value as Authorization),
      ]
    })
    return {
      userOperation: Object.fromEntries(fields),
      entryPoint: toBytes(entryPoint),
      verifiedAtBlockHash: hexToBigInt(verifiedAt),
    }
  }

  function isBytesOf06(name: string): boolean {
    return version.number === '0.6' && (name === 'initCode' || name === 'paymasterAndData')
  }

  function fromFields(verified: Verified): Decoded<VerifiedOperation> {
    if (!isAddressEqual(toHex(verified.entryPoint), entryPoint))
      return malformed('it is for another EntryPoint')
    const fields: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(verified.userOperation)) {
      if (value === null) continue
      const [kind] = version.wire.fields[name] ?? []
      if (kind === undefined) return malformed(`${name} is no field of v${version.number}`)
      if (typeof value === 'bigint') {
        if (kind === 'uint128' && value >> 128n !== 0n) return malformed(`${name} is larger than 128 bits`)
        fields[name] = value
      } else if (value instanceof Uint8Array) {
        fields[name] = kind === 'address' || kind === 'factory' ? getAddress(toHex(value)) : toHex(value)
      } else {
        const authorization = authorizationOf(value as AuthorizationFields)
        if (authorization === undefined) return malformed('eip7702Auth is no authorization')
        fields.authorization = authorization
      }
    }
    const operation = version.wire.toOperation(fields, 'send')
    if (!operation.ok) return malformed(operation.refusal.message)
    const verifiedAt = numberToHex(verified.verifiedAtBlockHash, { size: 32 })
    return decoded({ userOperation: operation.value, verifiedAt })
  }

  return {
    encode: operation => single.serialize(toFields(operation)),
    decode(bytes) {
      const verified = deserialize(single, bytes)
      return verified.ok ? fromFields(verified.value) : verified
    },
    encodeList: operations => list.serialize(operations.map(toFields)),
    decodeList(bytes) {
      const all = deserialize(list, bytes)
      return all.ok ? decoded(all.value.map(fromFields)) : all
    },
  }
}

type Authorization = NonNullable<UserOperation['authorization']>
type AuthorizationFields = Record<'chainId' | 'nonce' | 'v' | 'r' | 's', bigint> & { address: Uint8Array }

function authorizationFields({ chainId, nonce, address, yParity, r, s }: Authorization): AuthorizationFields {
  return {
    chainId: BigInt(chainId),
    nonce: BigInt(nonce),
    address: toBytes(address),
    v: BigInt(yParity ?? 0),
    r: hexToBigInt(r),
    s: hexToBigInt(s),
  }
}

function authorizationOf({
  chainId,
  nonce,
  address,
  v,
  r,
  s,
}: AuthorizationFields): Authorization | undefined {
  const most = BigInt(Number.MAX_SAFE_INTEGER)
  if (chainId > most || nonce > most || v > 1n) return undefined
  return {
    chainId: Number(chainId),
    nonce: Number(nonce),
    address: getAddress(toHex(address)),
    yParity: Number(v),
    r: numberToHex(r, { size: 32 }),
    s: numberToHex(s, { size: 32 }),
  }
}
