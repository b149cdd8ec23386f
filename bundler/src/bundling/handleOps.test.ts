import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import fc from 'fast-check'
import { encodeFunctionData, toHex } from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import { describe, expect, it } from 'vitest'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { numberedAddress, sponsoredBy, validatedOperation } from '../testing/validated.ts'
import { encodeBundle } from './handleOps.ts'

const bytes = fc.uint8Array({ maxLength: 100 }).map(array => toHex(array))

describe('the calldata of a bundle', () => {
  it('is what an ABI encoder makes of the same operations', () => {
    const operation = fc
      .record({
        account: fc.nat(1_000),
        callData: bytes,
        signature: bytes,
        sponsored: fc.boolean(),
        created: fc.boolean(),
      })
      .map(({ account, callData, signature, sponsored, created }) =>
        validatedOperation({
          sender: numberedAddress(account),
          callData,
          signature,
          ...(sponsored && sponsoredBy(numberedAddress(7))),
          ...(created && { factory: numberedAddress(8), factoryData: callData }),
        }),
      )
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 5 }), fc.nat(1_000), (operations, account) => {
        const beneficiary = numberedAddress(account)
        const packed = operations.map(({ userOperation }) => toPackedUserOperation(userOperation))
        expect(encodeBundle(entryPoint07, operations, beneficiary)).toBe(
          encodeFunctionData({
            abi: entryPoint07Abi,
            functionName: 'handleOps',
            args: [packed, beneficiary],
          }),
        )
      }),
    )
  })
})
