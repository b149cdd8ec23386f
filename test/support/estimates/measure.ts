// Lands an operation and says what each of its limits had to be, from its own run in the block's state: to the gas.
import { londonEvm } from '@worldland-aa/bundler/chains/evmLevel'
import { entryPoint07 } from '@worldland-aa/bundler/entryPoint/entryPoint07'
import {
  type CallFrame,
  findCall,
  requiredGas,
  starvedFrames,
} from '@worldland-aa/bundler/estimation/callFrame'
import { largest } from '@worldland-aa/bundler/estimation/largest'
import { type Simulation, simulate } from '@worldland-aa/bundler/estimation/simulation'
import { CallTreeCollector } from '@worldland-aa/bundler/execution/callTreeCollector'
import { runLocally } from '@worldland-aa/bundler/execution/run'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Address, encodeFunctionData, type Hex, parseEventLogs, parseGwei } from 'viem'
import { toPackedUserOperation, type UserOperation } from 'viem/account-abstraction'
import type { EstimateStage } from './estimateStage.ts'

export type Landing = {
  readonly success: boolean
  /** Frames that ran out of gas. */
  readonly starved: number
  /** The account pays by itself, and had something in the EntryPoint: an estimate does not count on that. */
  readonly hadDeposit: boolean
  readonly needed: {
    readonly verificationGasLimit: bigint
    readonly callGasLimit: bigint
    readonly paymasterVerificationGasLimit: bigint
    readonly paymasterPostOpGasLimit: bigint
    /** What the EntryPoint did not meter. */
    readonly preVerificationGas: bigint
  }
  /** Beside those that every bundle has; they make the transaction cheaper than its parts. */
  readonly refundsOfItsOwn: boolean
  /** Gas of the receipt, and what the operation was billed. */
  readonly gasUsed: bigint
  readonly gasBilled: bigint
}

export const beneficiary = '0x0000000000000000000000000000000000bef1c1'
const bundleGas = 20_000_000n
// EIP-3529 For the EntryPoint's guard put back, and for a deposit that was filled in validation and emptied again.
const guardRefund = 2_800n
const depositRefund = 19_900n
const { selectors } = entryPoint07

export function handleOps(operations: readonly UserOperation<'0.7'>[]): Hex {
  const packed = operations.map(operation => toPackedUserOperation(operation))
  return encodeFunctionData({ abi: entryPoint07Abi, functionName: 'handleOps', args: [packed, beneficiary] })
}

/** Throws when the bundle reverts. */
export async function sendBundle(stage: EstimateStage, operations: readonly UserOperation<'0.7'>[]) {
  const { faucet } = stage.chain
  const hash = await faucet.sendTransaction({
    to: entryPoint07Address,
    data: handleOps(operations),
    gas: bundleGas,
    maxFeePerGas: parseGwei('20'),
    maxPriorityFeePerGas: parseGwei('1'),
  })
  const receipt = await faucet.waitForTransactionReceipt({ hash })
  if (receipt.status !== 'success') throw new Error(`bundle ${hash} reverted`)
  const { logs } = receipt
  const events = parseEventLogs({ abi: entryPoint07Abi, eventName: 'UserOperationEvent', logs })
  return { receipt, events: events.map(({ args }) => args) }
}

/** Alone in its bundle. Throws when that reverts. */
export async function landAndMeasure(stage: EstimateStage, signed: UserOperation<'0.7'>): Promise<Landing> {
  const block = await stage.settle()
  const deposit = await stage.chain.client.readContract({
    address: entryPoint07Address,
    abi: entryPoint07Abi,
    functionName: 'balanceOf',
    args: [signed.sender],
  })
  const fillsDeposit = signed.paymaster === undefined && deposit === 0n
  const { sender, paymaster } = signed
  const { outcome } = await stage.engine.trace({
    userOperation: signed,
    entryPoint: entryPoint07Address,
    version: entryPoint07,
    block,
    operationKey: `${sender}${signed.nonce}`,
  })
  const call = { to: entryPoint07Address as Address, data: handleOps([signed]), gas: bundleGas }
  const run = await runLocally({
    held: stage.states.hold(block),
    codes: stage.states.codes,
    block,
    chainId: 103,
    evm: londonEvm,
    message: { ...call, from: stage.chain.faucet.account.address, valueWei: 0n },
    stepLimit: 20_000_000,
    watch: () => new CallTreeCollector(),
  })
  if (run === undefined) throw new Error('a bundle takes too many steps')
  const root = run.watcher.root(call, run.result)
  const { receipt, events } = await sendBundle(stage, [signed])
  if (!outcome.passed || run.result.gasUsed !== receipt.gasUsed) {
    throw new Error(`our EVM says ${run.result.gasUsed} gas, the node ${receipt.gasUsed}`)
  }
  const [event] = events
  if (event === undefined) throw new Error('no UserOperationEvent')

  const inner = findCall(root, entryPoint07Address, selectors.innerHandleOp)
  const needed = (frame: CallFrame | undefined): bigint => (frame === undefined ? 0n : requiredGas(frame))
  const limits = {
    verificationGasLimit: largest([
      outcome.gas.account,
      needed(root.calls?.find(({ input }) => input.startsWith(selectors.createSender))),
      needed(findCall(root, sender, selectors.validateUserOp)),
    ]),
    callGasLimit: signed.callData === '0x' ? 0n : needed(findCall(inner, sender)),
    paymasterVerificationGasLimit: largest([
      outcome.gas.paymaster,
      needed(paymaster && findCall(root, paymaster, selectors.validatePaymasterUserOp)),
    ]),
    paymasterPostOpGasLimit: needed(paymaster && findCall(inner, paymaster, selectors.postOp)),
  }
  const metered =
    event.actualGasUsed -
    signed.preVerificationGas -
    penaltyOf(signed, event.actualGasUsed, outcome.gas.total)
  return {
    success: event.success,
    starved: starvedFrames(root),
    hadDeposit: paymaster === undefined && deposit > 0n,
    needed: { ...limits, preVerificationGas: receipt.gasUsed - metered },
    refundsOfItsOwn: run.result.gasRefunded !== guardRefund + (fillsDeposit ? depositRefund : 0n),
    gasUsed: receipt.gasUsed,
    gasBilled: event.actualGasUsed,
  }
}

/** A tenth of the execution gas that was not used, which v0.7 bills as well. */
function penaltyOf(signed: UserOperation<'0.7'>, billed: bigint, validation: bigint): bigint {
  const allowed = signed.callGasLimit + (signed.paymasterPostOpGasLimit ?? 0n)
  const execution = billed - signed.preVerificationGas - validation
  return allowed > execution ? (allowed - execution) / 9n : 0n
}

/** Whether the calls of the operation succeed, and none runs dry, with so much callGasLimit. */
export async function runsWith(
  stage: EstimateStage,
  signed: UserOperation<'0.7'>,
  callGasLimit: bigint,
): Promise<boolean> {
  const simulation = await simulateAt(stage, { ...signed, callGasLimit })
  if (!simulation.ok || simulation.execution === undefined) return false
  return simulation.execution.error === undefined && starvedFrames(simulation.execution) === 0
}

/** As the run with its own limits shows. */
export async function neededCallGas(stage: EstimateStage, signed: UserOperation<'0.7'>): Promise<bigint> {
  const simulation = await simulateAt(stage, signed)
  if (!simulation.ok || simulation.execution === undefined) throw new Error('its calls do not run')
  return requiredGas(simulation.execution)
}

function simulateAt(stage: EstimateStage, userOperation: UserOperation<'0.7'>): Promise<Simulation> {
  return simulate({
    tracer: stage.engine,
    entryPoint: entryPoint07Address,
    version: entryPoint07,
    block: stage.head(),
    userOperation,
    isDepositHidden: false,
    overrides: {},
  })
}

/** For code that looks at its gas: what it needs, to within a thousandth. */
export async function searchCallGas(stage: EstimateStage, signed: UserOperation<'0.7'>): Promise<bigint> {
  let tooLow = 0n
  let enough = signed.callGasLimit
  while (enough - tooLow > enough / 1_000n) {
    const middle = (enough + tooLow) / 2n
    if (await runsWith(stage, signed, middle)) enough = middle
    else tooLow = middle
  }
  return enough
}
