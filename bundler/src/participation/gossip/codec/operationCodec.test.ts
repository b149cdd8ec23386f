import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import fc from 'fast-check'
import { bytesToHex, getAddress, type Hex } from 'viem'
import { describe, expect, it } from 'vitest'
import { entryPointVersions } from '../../../entryPoint/entryPointVersions.ts'
import type { UserOperation } from '../../../validation/validatedOperation.ts'
import {
  decodeCommit,
  decodePromise,
  encodeCommit,
  encodePromise,
  operationsHashOf,
} from './announcementCodec.ts'
import { createOperationCodec } from './operationCodec.ts'

const hex = (length: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(bytes => bytesToHex(bytes))
const someBytes = fc.uint8Array({ maxLength: 300 }).map(bytes => bytesToHex(bytes))
const address = hex(20).map(value => getAddress(value))
const uint = (bits: bigint): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max: 2n ** bits - 1n })
const authorization = fc.record({
  address,
  chainId: fc.nat(),
  nonce: fc.nat(),
  r: hex(32),
  s: hex(32),
  yParity: fc.constantFrom(0, 1),
})

const common = {
  sender: address,
  nonce: uint(256n),
  callData: someBytes,
  callGasLimit: uint(128n),
  verificationGasLimit: uint(128n),
  preVerificationGas: uint(256n),
  maxFeePerGas: uint(128n),
  maxPriorityFeePerGas: uint(128n),
  signature: someBytes,
}
const factory = fc.record({ factory: address, factoryData: someBytes })
const nothing = fc.constant({})

function operations(number: keyof typeof entryPointVersions): fc.Arbitrary<UserOperation> {
  const limits =
    number === '0.6' ? {} : { paymasterVerificationGasLimit: uint(128n), paymasterPostOpGasLimit: uint(128n) }
  const paymaster = fc.record({ paymaster: address, paymasterData: someBytes, ...limits })
  const signed = number === '0.6' ? nothing : fc.oneof(nothing, fc.record({ authorization }))
  return fc
    .tuple(fc.record(common), fc.oneof(nothing, factory), fc.oneof(nothing, paymaster), signed)
    .map(parts => Object.assign({}, ...parts) as UserOperation)
}

describe.each(Object.values(entryPointVersions))('an operation of v$number', version => {
  const codec = createOperationCodec({ version, entryPoint: version.canonicalAddress })
  const verified = fc.record({ userOperation: operations(version.number), verifiedAt: hex(32) })

  it('is read as it was written', () => {
    fc.assert(
      fc.property(verified, operation => {
        expect(codec.decode(codec.encode(operation))).toEqual({ ok: true, value: operation })
      }),
      { numRuns: 60 },
    )
  })

  it('is refused, and nothing is thrown, where it is cut off or lengthened', () => {
    fc.assert(
      fc.property(verified, fc.nat(), (operation, at) => {
        const bytes = codec.encode(operation)
        const cut = codec.decode(bytes.subarray(0, at % bytes.length))
        // What is cut off a signature is another signature: for validation to judge.
        if (cut.ok)
          expect(version.hash(cut.value.userOperation, place)).toBe(
            version.hash(operation.userOperation, place),
          )
      }),
      { numRuns: 100 },
    )
  })

  it('is another one or refused, and nothing is thrown, when a bit of it is turned', () => {
    fc.assert(
      fc.property(verified, fc.nat(), fc.integer({ min: 0, max: 7 }), (operation, at, bit) => {
        const bytes = codec.encode(operation).slice()
        const index = at % bytes.length
        bytes[index] = (bytes[index] ?? 0) ^ (1 << bit)
        expect(codec.decode(bytes)).not.toEqual({ ok: true, value: operation })
      }),
      { numRuns: 100 },
    )
  })

  const place = { chainId: 103, entryPoint: version.canonicalAddress }
})

describe('an operation on the wire', () => {
  const { '0.7': version } = entryPointVersions
  const codec = createOperationCodec({ version, entryPoint: entryPoint07Address })
  const userOperation = {
    sender: '0x1111111111111111111111111111111111111111',
    nonce: 1n,
    callData: '0xabcd',
    callGasLimit: 2n,
    verificationGasLimit: 3n,
    preVerificationGas: 4n,
    maxFeePerGas: 5n,
    maxPriorityFeePerGas: 6n,
    signature: '0xef',
  } as const
  const operation = { userOperation, verifiedAt: `0x${'00'.repeat(31)}07` as const }

  it('has its fields in the order of the container, the block hash as a little-endian number', () => {
    const bytes = Buffer.from(codec.encode(operation))
    // The offset of the operation, the EntryPoint, the block; the operation begins with its sender.
    expect(bytes.readUInt32LE(0)).toBe(4 + 20 + 32)
    expect(bytesToHex(bytes.subarray(4, 24))).toBe(entryPoint07Address.toLowerCase())
    expect(bytes[24]).toBe(7)
    expect(bytesToHex(bytes.subarray(56, 76))).toBe(userOperation.sender)
  })

  it('is refused for another EntryPoint', () => {
    const other = createOperationCodec({ version, entryPoint: entryPointVersions['0.8'].canonicalAddress })
    expect(codec.decode(other.encode(operation))).toMatchObject({
      ok: false,
      problem: 'it is for another EntryPoint',
    })
  })

  it.each([
    ['a fee above 128 bits', { maxFeePerGas: 2n ** 128n }, 'maxFeePerGas is larger than 128 bits'],
    ['half a factory', { factoryData: '0x01' as const }, 'factoryData is given without factory'],
  ])('is refused with %s, as JSON-RPC refuses it', (_, fields, problem) => {
    const bytes = codec.encode({ ...operation, userOperation: { ...userOperation, ...fields } })
    expect(codec.decode(bytes)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) })
  })

  it('leaves the others of a list good when one is not', () => {
    const bad = { ...operation, userOperation: { ...userOperation, factoryData: '0x01' as const } }
    const read = codec.decodeList(codec.encodeList([operation, bad, operation]))
    expect(read.ok && read.value.map(({ ok }) => ok)).toEqual([true, false, true])
  })
})

describe('commits and promises', () => {
  const commit = fc.record({
    bundlerId: fc.integer({ min: 1, max: 0xffff_ffff }),
    window: uint(64n),
    sequence: fc.nat(0xffff_ffff),
    operations: fc.array(hex(32), { minLength: 1, maxLength: 20 }),
    transactionHash: hex(32),
    signature: hex(65),
  })
  const promise = fc.record({
    bundlerId: fc.integer({ min: 1, max: 0xffff_ffff }),
    userOpHash: hex(32),
    sender: address,
    nonce: uint(256n),
    latestBlock: uint(64n),
    maxBaseFeePerGas: uint(128n),
  })

  it('are read as they were written, the hash of the operations from the operations', () => {
    fc.assert(
      fc.property(
        commit,
        promise,
        hex(65),
        ({ operations: hashes, signature, ...fields }, told, promiseSignature) => {
          const signed = {
            commit: { ...fields, operationsHash: operationsHashOf(hashes) },
            operations: hashes,
            signature,
          }
          expect(decodeCommit(encodeCommit(signed))).toEqual({ ok: true, value: signed })
          const promised = { promise: told, signature: promiseSignature }
          expect(decodePromise(encodePromise(promised))).toEqual({ ok: true, value: promised })
        },
      ),
      { numRuns: 60 },
    )
  })

  it('are refused, and nothing is thrown, where they are cut off or junk', () => {
    fc.assert(
      fc.property(commit, promise, hex(65), fc.nat(), (one, told, signature, at) => {
        const { operations: hashes, ...fields } = one
        const bytes = encodeCommit({
          commit: { ...fields, operationsHash: operationsHashOf(hashes) },
          operations: hashes,
          signature,
        })
        const cut = decodeCommit(bytes.subarray(0, at % bytes.length))
        // At the end of a hash the list is a shorter one, under a signature that does not fit it.
        if (cut.ok) expect(cut.value.operations.length).toBeLessThan(hashes.length)
        const promised = encodePromise({ promise: told, signature })
        expect(decodePromise(promised.subarray(0, at % promised.length)).ok).toBe(false)
      }),
      { numRuns: 100 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), bytes => {
        expect([decodeCommit(bytes).ok, decodePromise(bytes).ok]).toEqual([
          expect.any(Boolean),
          expect.any(Boolean),
        ])
      }),
    )
  })
})
