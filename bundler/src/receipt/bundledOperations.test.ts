import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import fc from 'fast-check'
import { concat, encodeFunctionData, type Hex, numberToHex, parseAbi, size, slice, toHex } from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import { describe, expect, it } from 'vitest'
import { encodeBundle } from '../bundling/handleOps.ts'
import { throughGuard } from '../bundling/route.ts'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { numberedAddress, sponsoredBy, validatedOperation } from '../testing/validated.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import { bundledOperations } from './bundledOperations.ts'

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

const domain = { chainId: 103, entryPoint: numberedAddress(5) }
const hashOf = ({ userOperation }: ValidatedOperation) => entryPoint07.hash(userOperation, domain)
const operationsIn = (calldata: Hex) => bundledOperations(calldata, entryPoint07, domain)
const forward = parseAbi(['function forward(address target, bytes data)'])

function expectFound(calldata: Hex, operations: readonly ValidatedOperation[]): void {
  const found = operationsIn(calldata).operations
  for (const one of operations) {
    const operation = found.get(hashOf(one))
    expect({ ...operation, sender: operation?.sender.toLowerCase() }).toEqual(one.userOperation)
  }
  expect(found.size).toBe(operations.length)
}

describe('an operation in a stranger’s calldata', () => {
  it('is read back as it was sent', () => {
    fc.assert(
      fc.property(bundle, all => expectFound(encodeBundle(entryPoint07, all, numberedAddress(9)), all)),
    )
  })

  it('is read back where it went through the BundleGuard', () => {
    const { encode } = throughGuard(numberedAddress(6), entryPoint07, 77n)
    fc.assert(fc.property(bundle, all => expectFound(encode(all, numberedAddress(9)), all)))
  })

  it('is found behind a contract that forwards one bundle or several', () => {
    fc.assert(
      fc.property(bundle, fc.integer({ min: 1, max: 3 }), (all, times) => {
        const data = encodeBundle(entryPoint07, all, numberedAddress(9))
        const calls = Array.from({ length: times }, () =>
          encodeFunctionData({ abi: forward, args: [numberedAddress(3), data] }),
        )
        expectFound(concat(calls), all)
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

  it('stands under the hash that it has, so that another one with its sender and nonce is not taken for it', () => {
    const [one, other] = ['0x11', '0x22'].map(callData =>
      validatedOperation({ sender: numberedAddress(1), nonce: 7n, callData: callData as Hex }),
    ) as [ValidatedOperation, ValidatedOperation]
    const found = operationsIn(encodeBundle(entryPoint07, [other], numberedAddress(9))).operations
    expect([...found.keys()]).toEqual([hashOf(other)])
    expect(found.get(hashOf(one))).toBeUndefined()
  })

  it('is not read from what no encoder writes', () => {
    fc.assert(
      fc.property(bundle, fc.nat(), fc.nat(1_000), (all, place, value) => {
        const calldata = encodeBundle(entryPoint07, all, numberedAddress(9))
        const words = (size(calldata) - 4) / 32
        const at = 4 + (place % words) * 32
        const rest = at + 32 === size(calldata) ? '0x' : slice(calldata, at + 32)
        const changed = concat([slice(calldata, 0, at), numberToHex(value, { size: 32 }), rest])
        // Whatever is read is a bundle that encodes to these very bytes.
        const found = [...operationsIn(changed).operations.values()].map(userOperation =>
          entryPoint07.encode(userOperation),
        )
        for (const encoded of found) expect<string>(changed).toContain(slice(encoded, 32).slice(2))
      }),
    )
  })

  it('is not found where there is none', () => {
    const data = encodeBundle(
      entryPoint07,
      [validatedOperation({ sender: numberedAddress(1) })],
      numberedAddress(9),
    )
    for (const calldata of [
      '0x',
      data.slice(0, 10),
      data.slice(0, 300),
      entryPoint07.selectors.postOp,
    ] as Hex[]) {
      expect(operationsIn(calldata).operations.size).toBe(0)
    }
  })
})

describe('the search of a stranger’s calldata', () => {
  const bundleOf = (callData: Hex): Hex =>
    encodeBundle(
      entryPoint07,
      [validatedOperation({ sender: numberedAddress(1), callData })],
      numberedAddress(9),
    )
  const good = bundleOf(`0x${'00'.repeat(320)}`)
  const nested = (times: number): Hex => Array.from({ length: times }).reduce<Hex>(bundleOf, good)

  it.each([
    [
      'the same selector over and over',
      (times: number) => concat(Array<Hex>(times).fill(entryPoint07.selectors.handleOps)),
    ],
    [
      'bundles that break off before their end',
      (times: number) => concat(Array<Hex>(times).fill(slice(good, 0, size(good) - 64))),
    ],
    ['bundles within bundles', nested],
    [
      'bundles within bundles that break off before their end',
      (times: number) => slice(nested(times), 0, -1) as Hex,
    ],
  ])('reads no word more than a few times: %s', (_, calldataOf) => {
    for (const times of [4, 16, 64]) {
      const calldata = calldataOf(times)
      const words = Math.ceil(size(calldata) / 32)
      expect(operationsIn(calldata).wordsRead).toBeLessThanOrEqual(6 * words)
    }
  })

  it('leaves calldata alone that is longer than any bundle', () => {
    const found = operationsIn(concat([good, `0x${'00'.repeat(1_048_577)}`]))
    expect(found).toEqual({ operations: new Map(), wordsRead: 0 })
  })
})
