import fc from 'fast-check'
import { encodeAbiParameters, getAddress, type Hex, parseAbiParameters } from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import { describe, expect, it } from 'vitest'
import { encodeOperation, word } from './encodedOperation.ts'

const packedOperation = parseAbiParameters([
  'Operation operation',
  'struct Operation { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }',
])
const bytes = (most: number) =>
  fc.uint8Array({ maxLength: most }).map(value => `0x${Buffer.from(value).toString('hex')}` as Hex)
const address = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map(value => getAddress(`0x${Buffer.from(value).toString('hex')}`))
const half = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })
const operations = fc.record(
  {
    sender: address,
    nonce: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    factory: address,
    factoryData: bytes(70),
    callData: bytes(200),
    callGasLimit: half,
    verificationGasLimit: half,
    preVerificationGas: half,
    maxFeePerGas: half,
    maxPriorityFeePerGas: half,
    signature: bytes(100),
  },
  {
    requiredKeys: [
      ...(['sender', 'nonce', 'callData', 'callGasLimit', 'verificationGasLimit'] as const),
      ...(['preVerificationGas', 'maxFeePerGas', 'maxPriorityFeePerGas'] as const),
    ],
  },
)

describe('an encoded operation', () => {
  it('is what a general encoder makes of it', () => {
    fc.assert(
      fc.property(operations, bytes(200), (operation, paymasterAndData) => {
        const packed = {
          ...toPackedUserOperation({ ...operation, signature: operation.signature ?? '0x' }),
          paymasterAndData,
        }
        const encoded = `0x${word(32)}${encodeOperation(operation, paymasterAndData)}`
        expect(encoded).toBe(encodeAbiParameters(packedOperation, [packed]).toLowerCase())
      }),
    )
  })
})
