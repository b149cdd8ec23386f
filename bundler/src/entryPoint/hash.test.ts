import fc from 'fast-check'
import { type Address, type Hex, toHex } from 'viem'
import {
  entryPoint06Abi,
  entryPoint08Abi,
  getUserOperationHash,
  toPackedUserOperation,
} from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { numberedAddress } from '../testing/validated.ts'
import { startTestChain, type TestChain } from '../validation/testing/testChain.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { encodeHandleOps } from './encodeHandleOps.ts'
import type { EntryPointVersion } from './entryPointVersion.ts'
import { entryPointVersions } from './entryPointVersions.ts'

const bytes = fc.uint8Array({ maxLength: 70 }).map(array => toHex(array))
const gas = fc.bigInt({ min: 0n, max: 2n ** 120n - 1n })

function operationsOf({ hasPaymasterLimits, number }: EntryPointVersion): fc.Arbitrary<UserOperation> {
  return fc
    .record({
      nonce: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
      gas: fc.array(gas, { minLength: 7, maxLength: 7 }),
      callData: bytes,
      signature: bytes,
      data: bytes,
      isSponsored: fc.boolean(),
      isCreated: fc.boolean(),
      isSignedLater: fc.boolean(),
    })
    .map(({ nonce, gas, callData, signature, data, isSponsored, isCreated, isSignedLater }) => {
      const [callGasLimit = 0n, verificationGasLimit = 0n, preVerificationGas = 0n, ...rest] = gas
      const [maxFeePerGas = 0n, maxPriorityFeePerGas = 0n, first = 0n, second = 0n] = rest
      return {
        sender: numberedAddress(1),
        nonce,
        callData,
        callGasLimit,
        verificationGasLimit,
        preVerificationGas,
        maxFeePerGas,
        maxPriorityFeePerGas,
        signature,
        ...(isCreated && { factory: numberedAddress(2), factoryData: data }),
        ...(isSponsored && {
          paymaster: numberedAddress(3),
          paymasterData: data,
          ...(hasPaymasterLimits && {
            paymasterVerificationGasLimit: first,
            paymasterPostOpGasLimit: second,
          }),
          ...(number === '0.9' && isSignedLater && { paymasterSignature: '0x1234' as Hex }),
        }),
      }
    })
}

describe.each(Object.values(entryPointVersions))('the hash of an operation for v$number', version => {
  let chain: TestChain
  beforeAll(async () => {
    const hardfork = version.validAfterIsExclusive ? 'cancun' : 'london'
    chain = await startTestChain({ version, hardfork })
  })
  afterAll(() => chain.stop())

  async function hashOnChain(userOperation: UserOperation): Promise<Hex> {
    const { client, entryPoint: address } = chain
    if (version.number === '0.6') {
      const op = version.wire.fromOperation(userOperation) as never
      return await client.readContract({
        address,
        abi: entryPoint06Abi,
        functionName: 'getUserOpHash',
        args: [op],
      })
    }
    return await client.readContract({
      address,
      abi: entryPoint08Abi,
      functionName: 'getUserOpHash',
      args: [toPackedUserOperation(userOperation)],
    })
  }

  it('is the one that the contract reckons', async () => {
    await fc.assert(
      fc.asyncProperty(operationsOf(version), async userOperation => {
        const hash = version.hash(userOperation, { chainId: 103, entryPoint: chain.entryPoint })
        expect(hash).toBe(await hashOnChain(userOperation))
      }),
      { numRuns: 25 },
    )
  })

  it('is the one that viem tells wallets to sign', () => {
    fc.assert(
      fc.property(operationsOf(version), userOperation => {
        const entryPoint: Address = numberedAddress(9)
        expect(version.hash(userOperation, { chainId: 7, entryPoint })).toBe(
          getUserOperationHash({
            userOperation: version.wire.fromOperation(userOperation) as never,
            chainId: 7,
            entryPointAddress: entryPoint,
            entryPointVersion: version.number,
          }),
        )
      }),
    )
  })

  it('survives the way into a bundle and back out of its calldata', () => {
    fc.assert(
      fc.property(fc.array(operationsOf(version), { maxLength: 3 }), operations => {
        const encoded = operations.map(operation => version.encode(operation))
        const calldata = encodeHandleOps(version, encoded, numberedAddress(8))
        const found = version.decode(calldata, 'handleOps', 4).found?.operations ?? []
        const domain = { chainId: 7, entryPoint: numberedAddress(9) }
        expect(found.map(operation => version.hash(operation, domain))).toEqual(
          operations.map(operation => version.hash(operation, domain)),
        )
        expect(found.map(({ signature }) => signature)).toEqual(operations.map(({ signature }) => signature))
      }),
    )
  })
})
