import { createRequire } from 'node:module'
import fc from 'fast-check'
import { type Abi, type Address, encodeAbiParameters, encodeFunctionData, type Hex, zeroAddress } from 'viem'
import { entryPoint07Abi, getUserOperationHash, toPackedUserOperation } from 'viem/account-abstraction'
import { expect, it } from 'vitest'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { operationTuple } from './operationTuple.ts'
import { packedSimulation } from './packedOperation.ts'
import { encodePackedWords, hashPackedWords } from './packedWords.ts'

const entryPoint: Address = '0x0000000071727De22E5E9d8BAf0edAc6f37da032'

const bytes = (maxLength: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ maxLength }).map(found => `0x${Buffer.from(found).toString('hex')}` as const)
const address = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map(found => `0x${Buffer.from(found).toString('hex')}` as const)
const gas = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n })

const operation: fc.Arbitrary<UserOperation> = fc
  .record({
    sender: address,
    nonce: fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }),
    deployment: fc.option(fc.record({ factory: address, factoryData: bytes(80) }), { nil: {} }),
    callData: bytes(150),
    callGasLimit: gas,
    verificationGasLimit: gas,
    preVerificationGas: gas,
    maxFeePerGas: gas,
    maxPriorityFeePerGas: gas,
    payment: fc.option(
      fc.record({
        paymaster: address,
        paymasterVerificationGasLimit: gas,
        paymasterPostOpGasLimit: gas,
        paymasterData: bytes(80),
      }),
      { nil: {} },
    ),
    signature: bytes(100),
  })
  .map(({ deployment, payment, ...rest }) => ({ ...rest, ...deployment, ...payment }))

it('writes out the bytes that a general ABI encoder gives for any operation', () => {
  fc.assert(
    fc.property(operation, given => {
      const packed = toPackedUserOperation(given)
      const expected = encodeAbiParameters([operationTuple(entryPoint07Abi)], [packed] as never)
      expect(encodePackedWords(packed)).toBe(expected)
    }),
  )
})

it('gives every operation the hash that its account signs', () => {
  fc.assert(
    fc.property(operation, fc.integer({ min: 1 }), (given, chainId) => {
      const expected = getUserOperationHash({
        userOperation: given,
        chainId,
        entryPointAddress: entryPoint,
        entryPointVersion: '0.7',
      })
      expect(hashPackedWords(toPackedUserOperation(given), { chainId, entryPoint })).toBe(expected)
    }),
  )
})

it('asks for a simulation as a general ABI encoder would', () => {
  const { abi }: { abi: Abi } = createRequire(import.meta.url)(
    '@account-abstraction/contracts/artifacts/EntryPointSimulations.json',
  )
  fc.assert(
    fc.property(operation, given => {
      const expected = encodeFunctionData({
        abi,
        functionName: 'simulateHandleOp',
        args: [toPackedUserOperation(given), zeroAddress, '0x'],
      })
      expect(packedSimulation('@account-abstraction/contracts').encode(given)).toBe(expected)
    }),
    { numRuns: 30 },
  )
})
