import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { createLogger } from '@worldland-aa/service/logger'
import {
  type Address,
  concatHex,
  type Hex,
  numberToHex,
  pad,
  parseEther,
  parseEventLogs,
  parseGwei,
  type StateOverride,
  size,
} from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { defaultValidationLimits } from '../validation/limits.ts'
import type { Rejection } from '../validation/rejection.ts'
import {
  accountCode,
  assemble,
  paymasterCode,
  revertingCode,
  revertUnless,
} from '../validation/testing/assemble.ts'
import { beneficiary, handleOps, testOperation } from '../validation/testing/operation.ts'
import {
  deploySimpleAccounts,
  executeCall,
  type SimpleAccounts,
  signed,
  testFees,
} from '../validation/testing/simpleAccount.ts'
import { freshAddress, startTestChain, type TestChain } from '../validation/testing/testChain.ts'
import { followedChain } from '../validation/testing/validationHarness.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { type CallFrame, starvedFrames } from './callFrame.ts'
import { nodeCallTracer } from './callTracer.ts'
import { createEstimation, type Estimation } from './estimation.ts'
import { createEstimator, type GasEstimate } from './estimator.ts'
import { depositSlotOf } from './overrides.ts'
import { createPreVerificationGas } from './preVerificationGas.ts'

let chain: TestChain
let accounts: SimpleAccounts
let estimation: Estimation
beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
  // Paying an account that does not exist yet costs 25,000 gas more.
  await chain.anvil.setBalance({ address: beneficiary, value: 1n })
  const version = entryPoint07
  const limits = { ...defaultValidationLimits, maxVerificationGas: 1_000_000n, maxOperationGas: 12_000_000n }
  estimation = createEstimation({
    estimator: createEstimator({
      tracer: nodeCallTracer(chain.client),
      version,
      entryPoint: chain.entryPoint,
      limits,
      preVerificationGas: createPreVerificationGas({ bundleSize: 1, version, fork: 'london' }),
    }),
    version,
    chain: await followedChain(chain),
    limits,
    logger: createLogger({ name: 'test', level: 'silent' }),
  })
})
afterAll(() => chain.stop())

/** What clients send for a signature before there is one: well-formed, of nobody. */
const stubSignature: Hex =
  '0xfffffffffffffffffffffffffffffff0000000000000000000000000000000007aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1c'
const unknownGas = { callGasLimit: 0n, verificationGasLimit: 0n, preVerificationGas: 0n }

async function estimate(operation: UserOperation, override?: StateOverride): Promise<GasEstimate> {
  const result = await estimation.estimate({ ...operation, ...unknownGas }, override)
  if (!result.ok) throw new Error(`refused: ${result.refusal.message}`)
  return result.value
}

async function refusal(operation: UserOperation, override?: StateOverride): Promise<Rejection> {
  const result = await estimation.estimate({ ...operation, ...unknownGas }, override)
  if (result.ok) throw new Error('it was estimated')
  return result.refusal as Rejection
}

/** Lands the operation in a bundle of its own. */
async function land(operation: UserOperation) {
  const data = handleOps(operation)
  const receipt = await chain.send({ to: chain.entryPoint, data, gas: 15_000_000n })
  const [event] = parseEventLogs({
    abi: entryPoint07Abi,
    eventName: 'UserOperationEvent',
    logs: receipt.logs,
  })
  if (event === undefined) throw new Error('no UserOperationEvent')
  const root = (await chain.client.request({
    method: 'debug_traceTransaction',
    params: [receipt.transactionHash, { tracer: 'callTracer' }],
  } as never)) as CallFrame
  return { ...event.args, root, receipt }
}

/** Of an account's payment into an empty deposit, which an estimate always has in it. */
const mostPaymentGas = 40_000n

async function depositOf(account: Address): Promise<bigint> {
  return await chain.client.readContract({
    address: chain.entryPoint,
    abi: entryPoint07Abi,
    functionName: 'balanceOf',
    args: [account],
  })
}

/** Estimates with a stub, signs, funds and lands; the estimate must have been enough, and not too much. */
async function landsAsEstimated(operation: UserOperation, options: { within?: number } = {}) {
  const estimated = await estimate({ ...operation, signature: stubSignature })
  const final = await signed({ ...operation, ...estimated }, chain)
  if (final.paymaster === undefined)
    await chain.anvil.setBalance({ address: final.sender, value: parseEther('1') })
  else await chain.deposit(final.paymaster, parseEther('1'))
  const hadDeposit = final.paymaster === undefined && (await depositOf(final.sender)) > 0n
  const landed = await land(final)
  expect(landed.success).toBe(true)
  expect(starvedFrames(landed.root)).toBe(0)
  const limits = Object.values(estimated).reduce((sum, gas) => sum + gas, 0n)
  // ERC-7562's slack for each verification limit, and what penalties charge, stand beside the tenth.
  const used = landed.actualGasUsed + 8_000n + (hadDeposit ? mostPaymentGas : 0n)
  expect(Number(limits) / Number(used)).toBeLessThan(options.within ?? 1.1)
  expect(landed.receipt.gasUsed).toBeLessThanOrEqual(landed.actualGasUsed)
  return { estimated, final, landed }
}

/** Runs a loop of `rounds` × about 30 gas, then writes slot 1. */
function burnerCode(rounds: number): Hex {
  const count = assemble(`${rounds + 0x10000}`)
  return concatHex([count, assemble(`JUMPDEST 1 SWAP1 SUB DUP1 0xffff LT ${size(count)} JUMPI 1 1 SSTORE`)])
}

/** Calls `next` with all gas it has and does not care how that ends. */
const relayCode = (next: Address): Hex => assemble(`0 0 0 0 0 ${next} GAS CALL POP`)

describe('an estimate is enough, and little more, for', () => {
  it('an account that is neither deployed nor funded', async () => {
    const { estimated } = await landsAsEstimated(await accounts.operation(1n))
    expect(estimated).not.toHaveProperty('paymasterVerificationGasLimit')
  })

  it('an account that is deployed', async () => {
    await landsAsEstimated(await accounts.operation(1n))
  })

  it('an operation without callData', async () => {
    const { estimated } = await landsAsEstimated(await accounts.operation(1n, { callData: '0x' }))
    expect(estimated.callGasLimit).toBe(0n)
  })

  it('an operation that gives no fees', async () => {
    const operation = await accounts.operation(2n)
    const estimated = await estimate({ ...operation, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n })
    await chain.anvil.setBalance({ address: operation.sender, value: parseEther('1') })
    expect((await land(await signed({ ...operation, ...estimated }, chain))).success).toBe(true)
  })

  it('calls that nest, the innermost taking nearly all', async () => {
    const burner = await chain.place(burnerCode(20_000))
    let target = burner
    for (let depth = 0; depth < 5; depth++) target = await chain.place(relayCode(target))
    const operation = await accounts.operation(1n, { callData: executeCall(target) })
    // A caller keeps back 1/64 at each of six levels: so much cannot be used.
    await landsAsEstimated(operation, { within: 1.2 })
    expect(await chain.client.getStorageAt({ address: burner, slot: pad('0x01') })).toBe(pad('0x01'))
  })

  it('code that asks for more gas than it uses', async () => {
    // Reverts when it has less than 300,000 gas.
    const greedy = await chain.place(concatHex([revertUnless('300000 GAS GT'), assemble('1 1 SSTORE')]))
    const operation = await accounts.operation(1n, { callData: executeCall(greedy) })
    const { estimated } = await landsAsEstimated(operation, { within: 10 })
    expect(estimated.callGasLimit).toBeGreaterThan(300_000n)
    expect(estimated.callGasLimit).toBeLessThan(600_000n)
  })

  it.each([0, 100, 2_048])('a paymaster with a context of %i bytes and a postOp', async contextBytes => {
    const paymaster = await chain.place(paymasterCode('', contextBytes))
    const sender = await chain.place(accountCode(''))
    const operation = testOperation({ sender, paymaster, ...testFees, callData: '0x1234' })
    const { estimated } = await landsAsEstimated({
      ...operation,
      paymasterVerificationGasLimit: 0n,
      paymasterPostOpGasLimit: 0n,
    })
    expect(estimated.paymasterVerificationGasLimit).toBeGreaterThan(5_000n)
    if (contextBytes === 0) expect(estimated.paymasterPostOpGasLimit).toBe(0n)
    else expect(estimated.paymasterPostOpGasLimit).toBeGreaterThan(50n)
  })

  it('code that notes how many blocks have passed, none yet at the head', async () => {
    const target = await chain.place(assemble('0 SLOAD NUMBER SUB 1 SSTORE'))
    const { number } = await chain.head()
    await chain.anvil.setStorageAt({ address: target, index: 0, value: numberToHex(number, { size: 32 }) })
    const operation = await accounts.operation(1n, { callData: executeCall(target) })
    // A new value in a slot costs 22,100 gas, one that is there already 2,200.
    expect((await estimate(operation)).callGasLimit).toBeGreaterThan(30_000n)
  })

  it('writes to storage, ten of them', async () => {
    const writes = Array.from({ length: 10 }, (_, slot) => `1 ${slot} SSTORE`).join(' ')
    const target = await chain.place(assemble(writes))
    await landsAsEstimated(await accounts.operation(1n, { callData: executeCall(target) }))
  })
})

describe('an account that has a deposit', () => {
  /** Deployed, with coin of its own unless said otherwise. */
  async function withDeposit(salt: bigint, depositWei: bigint, balanceWei = parseEther('1')) {
    const { sender } = await accounts.operation(salt)
    await chain.anvil.setBalance({ address: sender, value: parseEther('1') })
    await land(await accounts.operation(salt))
    await setDeposit(sender, depositWei)
    await chain.anvil.setBalance({ address: sender, value: balanceWei })
    return await accounts.operation(salt)
  }
  async function setDeposit(account: Address, wei: bigint): Promise<void> {
    const value = numberToHex(wei, { size: 32 })
    await chain.anvil.setStorageAt({ address: chain.entryPoint, index: depositSlotOf(account), value })
    await chain.anvil.setBalance({ address: chain.entryPoint, value: parseEther('100') })
    await chain.anvil.mine({ blocks: 1 })
  }
  const bare = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }

  it('lands with its estimate when another lane has taken the deposit since', async () => {
    const operation = await withDeposit(20n, parseEther('1'))
    const estimated = await estimate(operation)
    await setDeposit(operation.sender, 0n)
    expect((await land(await signed({ ...operation, ...estimated }, chain))).success).toBe(true)
  })

  it('lands with an estimate without fees, at fees that its deposit does not cover', async () => {
    const operation = await withDeposit(21n, parseEther('0.001'))
    const estimated = await estimate({ ...operation, ...bare })
    const bumped = { maxFeePerGas: parseGwei('90'), maxPriorityFeePerGas: parseGwei('1') }
    expect((await land(await signed({ ...operation, ...estimated, ...bumped }, chain))).success).toBe(true)
  })

  it('is not asked for more than it has, where that is its deposit alone', async () => {
    const rich = await withDeposit(22n, parseEther('1'))
    const poor = await withDeposit(23n, parseEther('1'), 0n)
    const [paying, covered] = [await estimate(rich), await estimate(poor)]
    expect(paying.verificationGasLimit - covered.verificationGasLimit).toBeGreaterThan(15_000n)
    expect((await land(await signed({ ...poor, ...covered }, chain))).success).toBe(true)
  })

  it('is estimated with its deposit where it never pays by itself', async () => {
    const sender = await chain.place(accountCode(''))
    await chain.anvil.setBalance({ address: sender, value: parseEther('1') })
    await setDeposit(sender, parseEther('1'))
    const operation = testOperation({ sender, ...testFees })
    const estimated = await estimate(operation)
    expect((await land({ ...operation, ...estimated })).success).toBe(true)
  })
})

describe('limits that a paymaster gave', () => {
  it('stay as they are, however little its stub needs', async () => {
    const paymaster = await chain.place(paymasterCode('', 10))
    const operation = testOperation({ sender: await chain.place(accountCode('')), paymaster })
    expect(
      await estimate({
        ...operation,
        paymasterVerificationGasLimit: 123_456n,
        paymasterPostOpGasLimit: 65_432n,
      }),
    ).toMatchObject({ paymasterVerificationGasLimit: 123_456n, paymasterPostOpGasLimit: 65_432n })
  })
})

describe("the caller's state override", () => {
  it('decides what the operation runs on', async () => {
    // Reverts unless its slot 0 holds something.
    const gate = await chain.place(revertUnless('0 SLOAD'))
    const operation = await accounts.operation(1n, { callData: executeCall(gate) })
    expect(await refusal(operation)).toMatchObject({ code: -32521 })
    const stateDiff = [{ slot: pad('0x00'), value: pad('0x01') }]
    await estimate(operation, [{ address: gate, stateDiff }])
    await estimate(operation, [{ address: gate, code: '0x00' }])
    await estimate(operation, [{ address: gate, state: stateDiff }])
  })

  it("decides the account's balance, on top of which the prefund is lent", async () => {
    const sender = (await accounts.operation(3n)).sender
    const operation = await accounts.operation(3n, {
      callData: executeCall(freshAddress(), '0x', parseEther('3')),
    })
    expect(await refusal(operation)).toMatchObject({ code: -32521 })
    await estimate(operation, [{ address: sender, balance: parseEther('3') }])
  })

  it('is refused when it contradicts itself', async () => {
    const state = [{ slot: pad('0x00'), value: pad('0x01') }]
    expect(
      await refusal(await accounts.operation(1n), [
        { address: freshAddress(), state, stateDiff: state } as never,
      ]),
    ).toMatchObject({ code: -32602, data: { field: 'stateOverride' } })
  })
})

describe('an operation that cannot be estimated', () => {
  it('is told why its execution reverts, and given the revert data', async () => {
    const target = await chain.place(revertingCode)
    const operation = await accounts.operation(1n, { callData: executeCall(target) })
    expect(await refusal(operation)).toMatchObject({
      code: -32521,
      message: 'execution reverted: no',
      data: { revertData: expect.stringMatching(/^0x08c379a0/) },
    })
  })

  it('is told that its execution never ends', async () => {
    const target = await chain.place(assemble('JUMPDEST 0 JUMP'))
    const operation = await accounts.operation(1n, { callData: executeCall(target) })
    expect(await refusal(operation)).toMatchObject({
      code: -32521,
      message: 'execution reverted: out of gas',
    })
  })

  it.each([
    [
      'AA13',
      -32500,
      async () => testOperation({ sender: freshAddress(), factory: await chain.place(revertingCode) }),
    ],
    ['AA20', -32500, async () => testOperation({ sender: freshAddress() })],
    ['AA23', -32500, async () => testOperation({ sender: await chain.place(revertingCode) })],
    ['AA25', -32500, async () => await accounts.operation(4n, { nonce: 7n })],
    [
      'AA30',
      -32501,
      async () => testOperation({ sender: await chain.place(accountCode('')), paymaster: freshAddress() }),
    ],
    [
      'AA33',
      -32501,
      async () =>
        testOperation({
          sender: await chain.place(accountCode('')),
          paymaster: await chain.place(revertingCode),
        }),
    ],
  ] as const)('is refused with %s', async (reason, code, prepare) => {
    const rejection = await refusal(await prepare())
    expect(rejection.code).toBe(code)
    expect(rejection.message).toMatch(new RegExp(`^${reason} `))
  })

  it('is refused in the name of a paymaster whose postOp reverts', async () => {
    // validatePaymasterUserOp begins with 0x52b7512c; anything else reverts.
    const paymaster = await chain.place(
      concatHex([revertUnless('0 CALLDATALOAD 0xe0 SHR 0x52b7512c EQ'), paymasterCode('', 32)]),
    )
    const operation = testOperation({ sender: await chain.place(accountCode('')), paymaster })
    expect(await refusal(operation)).toMatchObject({ code: -32501, data: { paymaster } })
  })
})

describe('many different operations', () => {
  it('land as estimated', async () => {
    for (let index = 0; index < 12; index++) {
      const writes = Array.from({ length: index % 5 }, (_, slot) => `1 ${slot} SSTORE`).join(' ')
      const burner = await chain.place(burnerCode(index * 700))
      const target = await chain.place(assemble(`${writes} 0 0 0 0 0 ${burner} GAS CALL POP`))
      const data: Hex = `0x${'a7'.repeat((index * 97) % 1_500)}`
      await landsAsEstimated(
        await accounts.operation(BigInt(100 + (index % 4)), { callData: executeCall(target, data) }),
      )
      expect(await chain.client.getStorageAt({ address: burner, slot: pad('0x01') })).toBe(pad('0x01'))
    }
  })
})
