// One journey for every EntryPoint: read off the wire, estimated, validated, pooled, bundled, landed, told of.
import { createLogger } from '@worldland-aa/service/logger'
import { getAddress, type Hex, parseEther } from 'viem'
import { formatUserOperationRequest } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeHandleOps } from '../entryPoint/encodeHandleOps.ts'
import { entryPointVersions } from '../entryPoint/entryPointVersions.ts'
import { nodeCallTracer } from '../estimation/callTracer.ts'
import { createEstimation } from '../estimation/estimation.ts'
import { createEstimator } from '../estimation/estimator.ts'
import { createPreVerificationGas } from '../estimation/preVerificationGas.ts'
import { type BundlerCore, startBundlerCore } from '../testing/bundlerCore.ts'
import { defaultValidationLimits } from '../validation/limits.ts'
import { assemble, paymasterCode } from '../validation/testing/assemble.ts'
import { richAccount } from '../validation/testing/chainAccess.ts'
import { deploySimpleAccounts, type SimpleAccounts, signed } from '../validation/testing/simpleAccount.ts'
import { startTestChain, type TestChain } from '../validation/testing/testChain.ts'
import { startValidation, type ValidationHarness } from '../validation/testing/validationHarness.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { parseUserOperation } from './parseUserOperation.ts'

const stubSignature: Hex =
  '0xfffffffffffffffffffffffffffffff0000000000000000000000000000000007aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1c'

describe.each([
  { number: '0.6', hardfork: 'london' },
  { number: '0.7', hardfork: 'london' },
  { number: '0.7', hardfork: 'prague' },
  { number: '0.8', hardfork: 'cancun' },
  { number: '0.9', hardfork: 'prague' },
] as const)('with EntryPoint v$number on $hardfork', ({ number, hardfork }) => {
  const version = entryPointVersions[number]
  let chain: TestChain
  let accounts: SimpleAccounts
  let harness: ValidationHarness
  let core: BundlerCore

  beforeAll(async () => {
    chain = await startTestChain({ version, hardfork })
    accounts = await deploySimpleAccounts(chain)
    harness = await startValidation(chain)
    const executor = privateKeyToAccount(generatePrivateKey())
    await chain.anvil.setBalance({ address: executor.address, value: parseEther('10') })
    core = await startBundlerCore({
      client: chain.client,
      executors: [executor],
      version,
      entryPoint: chain.entryPoint,
      fork: hardfork,
    })
  })
  afterAll(async () => {
    await core.stop()
    await chain.stop()
  })

  /** As a wallet would: estimate with a stub, then sign what came back. */
  async function prepared(operation: UserOperation): Promise<UserOperation> {
    const limits = {
      ...defaultValidationLimits,
      maxVerificationGas: 1_000_000n,
      maxOperationGas: 12_000_000n,
    }
    const estimation = createEstimation({
      estimator: createEstimator({
        tracer: nodeCallTracer(chain.client),
        entryPoint: chain.entryPoint,
        version,
        limits,
        preVerificationGas: createPreVerificationGas({ bundleSize: 1, version, fork: hardfork }),
      }),
      version,
      chain: harness.source,
      limits,
      logger: createLogger({ name: 'test', level: 'silent' }),
    })
    const unknownGas = { callGasLimit: 0n, verificationGasLimit: 0n, preVerificationGas: 0n }
    const { paymasterVerificationGasLimit, paymasterPostOpGasLimit, ...bare } = operation
    const result = await estimation.estimate({ ...bare, ...unknownGas, signature: stubSignature })
    if (!result.ok) throw new Error(`not estimated: ${result.refusal.message}`)
    return await signed({ ...bare, ...result.value }, chain)
  }

  /** Through JSON and back, into the pool, onto the chain. */
  async function land(operation: UserOperation) {
    const wire = JSON.parse(JSON.stringify(formatUserOperationRequest(version.wire.fromOperation(operation))))
    const parsed = parseUserOperation(wire, 'send', version)
    if (!parsed.ok) throw new Error(parsed.refusal.message)
    const validated = await harness.accepted(parsed.value)
    await core.look()
    const added = await core.mempool.add(validated)
    if (!added.ok) throw new Error(added.refusal.message)
    if ((await landWaiting()) === 0) throw new Error('no bundle was sent')
    return { wire, hash: added.value, receipt: await core.receipts.receiptOf(added.value) }
  }

  /** How many bundles were sent. */
  async function landWaiting(): Promise<number> {
    const transactions = await core.bundling.sendNow()
    for (const hash of transactions) await chain.client.waitForTransactionReceipt({ hash })
    await core.look()
    return transactions.length
  }

  it('lands an account’s first operation, with its deployment, as estimated', async () => {
    const operation = await accounts.operation(1n)
    await chain.anvil.setBalance({ address: operation.sender, value: parseEther('1') })
    const { hash, receipt, wire } = await land(await prepared(operation))
    expect(receipt).toMatchObject({ success: true, userOpHash: hash, entryPoint: chain.entryPoint })
    const { gasUsed } = await chain.client.getTransactionReceipt({
      hash: receipt?.receipt.transactionHash as Hex,
    })
    // The bundler must not have paid for it.
    expect(gasUsed).toBeLessThanOrEqual(BigInt(receipt?.actualGasUsed ?? 0))
    const told = await core.receipts.operationByHash(hash)
    expect(lowerCase(told?.userOperation)).toEqual(lowerCase(wire))
  })

  const { ignoresNeedlessFactory } = version
  const fate = ignoresNeedlessFactory
    ? 'lands both, as the factory of the later is ignored'
    : 'takes one only'
  it(`of two first operations of one account it ${fate}`, async () => {
    const [first, second] = await Promise.all(
      [0n, 1n << 64n].map(async nonce => {
        const operation = await accounts.operation(2n, { nonce })
        await chain.anvil.setBalance({ address: operation.sender, value: parseEther('1') })
        return await prepared(operation)
      }),
    )
    if (first === undefined || second === undefined) throw new Error('not prepared')
    const outcome = ignoresNeedlessFactory
      ? { ok: true }
      : { ok: false, refusal: { message: expect.stringMatching(/^AA10 /) } }
    const later = await harness.accepted(second)
    const earlier = await harness.accepted(first)
    await core.look()
    expect(await core.mempool.add(earlier)).toMatchObject({ ok: true })
    expect(await core.mempool.add(later)).toMatchObject(outcome)
    await landWaiting()
    await landWaiting()
    expect(await core.receipts.receiptOf(earlier.userOperationHash)).toMatchObject({ success: true })
    const receipt = await core.receipts.receiptOf(later.userOperationHash)
    expect(receipt?.success).toBe(ignoresNeedlessFactory ? true : undefined)
    // And so it is while the account exists.
    const { factory, factoryData, verificationGasLimit, preVerificationGas } = first
    const third = await accounts.operation(2n, { nonce: 2n << 64n, verificationGasLimit, preVerificationGas })
    const needless = await signed({ ...third, ...(factory && { factory, factoryData }) }, chain)
    await harness.source.poll()
    expect(await harness.validation.validate(needless)).toMatchObject(outcome)
  })

  it.each([64, 2_048])(
    'lands an operation that a paymaster with a context of %i bytes pays for',
    async bytes => {
      const paymaster = await chain.place(paymasterCode('', bytes))
      await chain.deposit(paymaster, parseEther('1'))
      const operation = await accounts.operation(1n, { paymaster, paymasterData: '0x1234' })
      const { receipt } = await land(await prepared(operation))
      expect(receipt).toMatchObject({ success: true, paymaster: getAddress(paymaster) })
      const { gasUsed } = await chain.client.getTransactionReceipt({
        hash: receipt?.receipt.transactionHash as Hex,
      })
      expect(gasUsed).toBeLessThanOrEqual(BigInt(receipt?.actualGasUsed ?? 0))
    },
  )

  it('reads an operation of a stranger’s bundle back from the chain in this version’s form', async () => {
    const operation = await prepared(await accounts.operation(1n))
    await chain.send({
      to: chain.entryPoint,
      data: encodeHandleOps(version, [version.encode(operation)], richAccount.address),
      gas: 3_000_000n,
    })
    await core.look()
    const hash = version.hash(operation, { chainId: 103, entryPoint: chain.entryPoint })
    const told = await core.receipts.operationByHash(hash)
    const wire = formatUserOperationRequest(version.wire.fromOperation(operation))
    expect(lowerCase(told?.userOperation)).toEqual(lowerCase(wire))
  })

  it('refuses a signature of nobody with -32507', async () => {
    const operation = await prepared(await accounts.operation(1n))
    expect(await harness.refusal({ ...operation, signature: stubSignature })).toMatchObject({
      code: -32507,
      message: expect.stringContaining('AA24'),
    })
  })

  it.each([
    ['a nonce that was used', { nonce: 0n }, { code: -32500, message: 'AA25' }],
    ['too little verification gas', { verificationGasLimit: 20_000n }, { code: -32500, message: 'AA' }],
  ] as const)('refuses %s in the words of the EntryPoint', async (_, fields, { code, message }) => {
    const operation = await prepared(await accounts.operation(1n))
    expect(await harness.refusal(await signed({ ...operation, ...fields }, chain))).toMatchObject({
      code,
      message: expect.stringContaining(message),
    })
  })

  it('refuses an account without money as AA21, and a paymaster without a deposit as AA31', async () => {
    const poor = await accounts.operation(77n)
    expect(await harness.refusal(poor)).toMatchObject({
      code: -32500,
      message: expect.stringContaining('AA21'),
    })
    const paymaster = await chain.place(paymasterCode(''))
    const sponsored = await accounts.operation(1n, {
      paymaster,
      paymasterData: '0x',
      ...(version.hasPaymasterLimits && {
        paymasterVerificationGasLimit: 100_000n,
        paymasterPostOpGasLimit: 10_000n,
      }),
    })
    expect(await harness.refusal(sponsored)).toMatchObject({
      code: -32501,
      message: expect.stringContaining('AA31'),
      data: { paymaster },
    })
  })

  it('finds a banned opcode in the phase of each entity', async () => {
    const paymaster = await chain.place(paymasterCode('NUMBER POP'))
    await chain.deposit(paymaster, parseEther('1'))
    const operation = await signed(
      {
        ...(await accounts.operation(1n)),
        paymaster,
        paymasterData: '0x',
        ...(version.hasPaymasterLimits && {
          paymasterVerificationGasLimit: 100_000n,
          paymasterPostOpGasLimit: 0n,
        }),
      },
      chain,
    )
    expect(await harness.refusal(operation)).toMatchObject({
      code: -32502,
      data: { entity: 'paymaster', opcode: 'NUMBER', rule: 'OP-011' },
    })
    const sender = await chain.place(assemble('TIMESTAMP POP 0 0 MSTORE 32 0 RETURN'))
    const { paymaster: _, paymasterData, paymasterVerificationGasLimit, ...rest } = operation
    const { paymasterPostOpGasLimit, ...own } = rest
    expect(
      await harness.refusal({ ...own, sender, nonce: 0n, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }),
    ).toMatchObject({ code: -32502, data: { entity: 'account', opcode: 'TIMESTAMP' } })
  })
})

/** Addresses come back with a checksum. */
function lowerCase(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).toLowerCase())
}
