import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import fc from 'fast-check'
import { type Hex, numberToHex, parseEther, parseEventLogs, size } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeHandleOps } from '../entryPoint/encodeHandleOps.ts'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { entryPointVersions } from '../entryPoint/entryPointVersions.ts'
import { accountCode, paymasterCode } from '../validation/testing/assemble.ts'
import { testOperation } from '../validation/testing/operation.ts'
import { startTestChain, type TestChain } from '../validation/testing/testChain.ts'
import { createDebugTracer } from '../validation/tracers/debug.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { createPreVerificationGas } from './preVerificationGas.ts'

const beneficiary = '0x0000000000000000000000000000000000bef1c1'
const bytes = (maxLength: number) =>
  fc.uint8Array({ maxLength }).map((array): Hex => `0x${Buffer.from(array).toString('hex')}`)

describe('preVerificationGas on paper', () => {
  const pricing = createPreVerificationGas({ bundleSize: 1, version: entryPoint07, fork: 'london' })
  const anyOperation = fc
    .record({
      callData: bytes(300),
      signature: bytes(200),
      paymasterData: bytes(100),
      nonce: fc.bigInt({ min: 0n, max: 2n ** 64n }),
      hasPaymaster: fc.boolean(),
    })
    .map(({ hasPaymaster, paymasterData, ...fields }) =>
      testOperation({
        sender: beneficiary,
        ...fields,
        ...(hasPaymaster && { paymaster: beneficiary, paymasterData }),
      }),
    )

  it('an estimate covers every way in which gas fields, fees and signature may be filled in', () => {
    const gas = fc.bigInt({ min: 0n, max: 0xffffffn })
    const fee = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
    fc.assert(
      fc.property(
        anyOperation,
        fc.array(gas, { minLength: 5, maxLength: 5 }),
        fee,
        fee,
        (stub, gases, one, other) => {
          const [
            preVerificationGas = 0n,
            verificationGasLimit = 0n,
            callGasLimit = 0n,
            first = 0n,
            second = 0n,
          ] = gases
          const filled: UserOperation = {
            ...stub,
            preVerificationGas,
            verificationGasLimit,
            callGasLimit,
            maxFeePerGas: one,
            maxPriorityFeePerGas: other,
            ...(stub.paymaster && { paymasterVerificationGasLimit: first, paymasterPostOpGasLimit: second }),
            signature: `0x${'9c'.repeat(size(stub.signature))}`,
          }
          expect(pricing.estimate(stub)).toBeGreaterThanOrEqual(pricing.required(filled))
        },
      ),
    )
  })

  it('a byte more never costs less', () => {
    fc.assert(
      fc.property(anyOperation, operation => {
        const longer = { ...operation, callData: `${operation.callData}00` as Hex }
        expect(pricing.required(longer)).toBeGreaterThanOrEqual(pricing.required(operation))
      }),
    )
  })

  it('the transaction itself is shared by the operations of a bundle, the rest is not', () => {
    const operation = testOperation({ sender: beneficiary })
    const alone = pricing.required(operation)
    const ofTen = createPreVerificationGas({
      bundleSize: 10,
      version: entryPoint07,
      fork: 'london',
    }).required(operation)
    expect(alone - ofTen).toBeGreaterThan(21_000n)
    expect(alone - ofTen).toBeLessThan(40_000n)
  })
})

describe('preVerificationGas beside calldata', () => {
  const pricing = createPreVerificationGas({ bundleSize: 1, version: entryPoint07, fork: 'prague' })
  const sender = beneficiary

  it('pays for the authorization of the sender [7702-2]', () => {
    const authorization = {
      address: sender,
      chainId: 103,
      nonce: 0,
      r: '0x0a',
      s: '0x0b',
      yParity: 0,
    } as const
    const plain = testOperation({ sender })
    const difference = pricing.required({ ...plain, authorization }) - pricing.required(plain)
    expect(difference).toBe(25_000n)
    expect(pricing.estimate({ ...plain, authorization }) - pricing.estimate(plain)).toBe(25_000n)
  })

  it.each([
    ['0.6', 500_000n, 0n],
    ['0.7', 500_000n, 50_000n],
    ['0.7', 10_000n, 1_000n],
    ['0.8', 500_000n, 50_000n],
    ['0.8', 41_000n, 1_000n],
    ['0.8', 40_000n, 0n],
    ['0.9', 500_000n, 50_000n],
  ] as const)(
    'v%s charges for the execution of an operation with callGasLimit %i at least %i gas',
    (...given) => {
      const [number, callGasLimit, gas] = given
      expect(entryPointVersions[number].leastExecutionGas(testOperation({ sender, callGasLimit }))).toBe(gas)
    },
  )
})

describe.each([
  { number: '0.6', hardfork: 'london' },
  { number: '0.7', hardfork: 'london' },
  { number: '0.8', hardfork: 'cancun' },
  { number: '0.7', hardfork: 'prague' },
  { number: '0.9', hardfork: 'prague' },
] as const)('preVerificationGas on EntryPoint v$number on $hardfork', ({ number, hardfork }) => {
  const version = entryPointVersions[number]
  let chain: TestChain
  beforeAll(async () => {
    chain = await startTestChain({ version, hardfork })
    await chain.anvil.setBalance({ address: beneficiary, value: 1n })
  })
  afterAll(() => chain.stop())

  type Shape = {
    readonly callData: Hex
    readonly signature: Hex
    /** Pays its prefund in validation rather than from a deposit. */
    readonly pays?: boolean
    readonly contextBytes?: number
    readonly callGasLimit?: bigint
  }

  async function operationOf({
    callData,
    signature,
    pays,
    contextBytes,
    ...limits
  }: Shape): Promise<UserOperation> {
    // The third argument of validateUserOp is what the account lacks.
    const payment = `0 0 0 0 68 CALLDATALOAD ${chain.entryPoint} GAS CALL POP`
    const sender = await chain.place(accountCode(pays ? payment : ''))
    const paymaster =
      contextBytes === undefined ? undefined : await chain.place(paymasterCode('', contextBytes))
    if (pays) await chain.anvil.setBalance({ address: sender, value: parseEther('1') })
    else await chain.deposit(paymaster ?? sender, parseEther('1'))
    return testOperation({
      sender,
      callData,
      signature,
      maxFeePerGas: 3_000_000_000n,
      maxPriorityFeePerGas: 1_000_000_000n,
      // So little that v0.7's penalty on unused gas cannot hide a loss.
      callGasLimit: 300n,
      ...limits,
      ...(paymaster && { paymaster, paymasterPostOpGasLimit: 300n }),
    })
  }

  /** Gas that the operations of one bundle paid for, and what the transaction took. */
  async function land(shapes: readonly Shape[], bundleSize: number) {
    const pricing = createPreVerificationGas({ bundleSize, version, fork: hardfork })
    const operations: UserOperation[] = []
    for (const shape of shapes) {
      const operation = await operationOf(shape)
      const { outcome } = await createDebugTracer({ client: chain.client }).trace({
        userOperation: operation,
        entryPoint: chain.entryPoint,
        version,
        block: await chain.head(),
        operationKey: '',
      })
      if (!outcome.passed) throw new Error(`it does not pass: ${outcome.revertData}`)
      const preVerificationGas = pricing.required(
        { ...operation, preVerificationGas: 0xffffn },
        {
          contextBytes: shape.contextBytes ?? 0,
          meteredGas: outcome.gas.total + version.leastExecutionGas(operation),
        },
      )
      operations.push({ ...operation, preVerificationGas })
    }
    const encoded = operations.map(operation => version.encode(operation))
    const data = encodeHandleOps(version, encoded, beneficiary)
    const receipt = await chain.send({ to: chain.entryPoint, data, gas: 15_000_000n })
    const events = parseEventLogs({
      abi: entryPoint07Abi,
      eventName: 'UserOperationEvent',
      logs: receipt.logs,
    })
    expect(events).toHaveLength(shapes.length)
    const paid = events.reduce((sum, { args }) => sum + args.actualGasUsed, 0n)
    return { paid, took: receipt.gasUsed }
  }

  const word = (length: number): Hex => `0x${'5a'.repeat(length)}`
  const shapes: readonly (Shape & { readonly title: string })[] = [
    { title: 'nothing to call', callData: '0x', signature: word(65) },
    { title: 'a prefund paid in validation', callData: '0x', signature: word(65), pays: true },
    { title: 'a long callData', callData: word(6_000), signature: word(65) },
    { title: 'a long signature', callData: word(36), signature: word(3_000) },
    { title: 'zero bytes', callData: numberToHex(0, { size: 2_000 }), signature: word(65) },
    { title: 'a paymaster without context', callData: word(100), signature: word(65), contextBytes: 0 },
    { title: 'a paymaster with context', callData: word(100), signature: word(65), contextBytes: 2_048 },
    { title: 'executeUserOp', callData: `0x8dd7712f${'5a'.repeat(32)}`, signature: word(65) },
    { title: 'a long executeUserOp', callData: `0x8dd7712f${'5a'.repeat(3_000)}`, signature: word(500) },
  ]

  it.each(shapes)('a bundle of one with $title pays for itself, within 5 %', async shape => {
    const { paid, took } = await land([shape], 1)
    expect(paid).toBeGreaterThanOrEqual(took)
    expect(Number(paid - took) / Number(took)).toBeLessThan(0.05)
  })

  it.each([2_000n, 42_000n, 500_000n])(
    'a bundle of one pays for calldata at its floor price, with a callGasLimit of %i that it does not use [7623]',
    async callGasLimit => {
      const { paid, took } = await land([{ callData: word(6_000), signature: word(65), callGasLimit }], 1)
      expect(paid).toBeGreaterThanOrEqual(took)
      expect(Number(paid - took) / Number(took)).toBeLessThan(hardfork === 'prague' ? 0.05 : 0.4)
    },
  )

  it.each([2, 5, 20])('a full bundle of %i pays for itself when its cost is spread', async bundleSize => {
    const mixed = Array.from({ length: bundleSize }, (_, index) => shapes[index % shapes.length] as Shape)
    const selfPaying = Array.from({ length: bundleSize }, () => shapes[1] as Shape)
    for (const bundle of [mixed, selfPaying]) {
      const { paid, took } = await land(bundle, bundleSize)
      expect(paid).toBeGreaterThanOrEqual(took)
    }
  })
})
