import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import fc from 'fast-check'
import { encodeFunctionData, type Hex, parseAbi, toHex } from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import { describe, expect, it } from 'vitest'
import { encodeBundle } from '../bundling/handleOps.ts'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { numberedAddress, sponsoredBy, validatedOperation } from '../testing/validated.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import { findUserOperation } from './findUserOperation.ts'

const bytes = fc.uint8Array({ maxLength: 100 }).map(array => toHex(array))
const operation = fc
  .record({
    nonce: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    data: bytes,
    sponsored: fc.boolean(),
    created: fc.boolean(),
  })
  .map(({ nonce, data, sponsored, created }) =>
    validatedOperation({
      sender: numberedAddress(Number(nonce % 1_000n)),
      nonce,
      callData: data,
      signature: data,
      ...(sponsored && { ...sponsoredBy(numberedAddress(7)), paymasterData: data }),
      ...(created && { factory: numberedAddress(8), factoryData: data }),
    }),
  )
const bundle = fc.uniqueArray(operation, {
  minLength: 1,
  maxLength: 4,
  selector: one => one.userOperation.nonce,
})

function expectFound(calldata: Hex, operations: readonly ValidatedOperation[]): void {
  for (const { userOperation } of operations) {
    const found = findUserOperation(calldata, userOperation, entryPoint07)
    expect({ ...found, sender: found?.sender.toLowerCase() }).toEqual(userOperation)
  }
}

describe('an operation in a stranger’s calldata', () => {
  it('is read back as it was sent', () => {
    fc.assert(
      fc.property(bundle, all => expectFound(encodeBundle(entryPoint07, all, numberedAddress(9)), all)),
    )
  })

  it('is found behind a contract that forwards the bundle', () => {
    const forward = parseAbi(['function forward(address target, bytes data)'])
    fc.assert(
      fc.property(bundle, all => {
        const data = encodeBundle(entryPoint07, all, numberedAddress(9))
        expectFound(encodeFunctionData({ abi: forward, args: [numberedAddress(3), data] }), all)
      }),
    )
  })

  it('is found in a bundle with an aggregator', () => {
    fc.assert(
      fc.property(bundle, all => {
        const userOps = all.map(({ userOperation }) => toPackedUserOperation(userOperation))
        const group = { userOps, aggregator: numberedAddress(4), signature: '0x1234' as Hex }
        const args = [[group], numberedAddress(9)] as const
        expectFound(
          encodeFunctionData({ abi: entryPoint07Abi, functionName: 'handleAggregatedOps', args }),
          all,
        )
      }),
    )
  })

  it('is not found where it is not', () => {
    const data = encodeBundle(
      entryPoint07,
      [validatedOperation({ sender: numberedAddress(1) })],
      numberedAddress(9),
    )
    expect(findUserOperation(data, { sender: numberedAddress(1), nonce: 1n }, entryPoint07)).toBeUndefined()
    expect(findUserOperation(data, { sender: numberedAddress(2), nonce: 0n }, entryPoint07)).toBeUndefined()
    expect(
      findUserOperation(data.slice(0, 300) as Hex, { sender: numberedAddress(1), nonce: 0n }, entryPoint07),
    ).toBeUndefined()
    expect(findUserOperation('0x', { sender: numberedAddress(1), nonce: 0n }, entryPoint07)).toBeUndefined()
  })
})
