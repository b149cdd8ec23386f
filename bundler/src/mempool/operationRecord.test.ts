import fc from 'fast-check'
import { toHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { numberedAddress, sponsoredBy, validatedOperation } from '../testing/validated.ts'
import { readOperationRecord, writeOperationRecord } from './operationRecord.ts'

const uint = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
const bytes = fc.uint8Array({ maxLength: 200 }).map(array => toHex(array))

describe('an operation on disk', () => {
  it('comes back as it was, bigints and all', () => {
    fc.assert(
      fc.property(
        uint,
        uint,
        bytes,
        fc.boolean(),
        fc.boolean(),
        (nonce, wei, callData, sponsored, created) => {
          const validated = validatedOperation(
            {
              sender: numberedAddress(1),
              nonce,
              callData,
              ...(sponsored && sponsoredBy(numberedAddress(2))),
              ...(created && { factory: numberedAddress(3), factoryData: callData }),
            },
            {
              prefundWei: wei,
              verifiedAt: { number: wei, hash: toHex(nonce, { size: 32 }) },
              storage: { [numberedAddress(4)]: { reads: [toHex(wei, { size: 32 })], writes: [] } },
            },
          )
          expect(readOperationRecord(writeOperationRecord(validated))).toEqual(validated)
        },
      ),
    )
  })
})
