// Lands an operation and says what each of its limits had to be, from its own run in the block's state: to the gas.
import { entryPoint07 } from '@worldland-aa/bundler/entryPoint/entryPoint07'
import { type CallFrame, findCall, requiredGas, starvedFrames } from '@worldland-aa/bundler/estimation/callFrame'
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
  readonly needed: {
    readonly verificationGasLimit: bigint
    readonly callGasLimit: bigint
    readonly paymasterVerificationGasLimit: bigint
    readonly paymasterPostOpGasLimit: bigint
    /** What the EntryPoint did not meter, refunds not taken off. */
    readonly preVerificationGas: bigint
  }
  /** Gas of the receipt, and what the operation was billed. */
  readonly gasUsed: bigint
  readonly gasBilled: bigint
}

const beneficiary = '0x0000000000000000000000000000000000bef1c1'
const bundleGas = 20_000_000n
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
    store: stage.states,
    block,
    chainId: 103,
    fork: 'london',
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
    verificationGasLimit: most(
      outcome.gas.account,
      needed(root.calls?.find(({ input }) => input.startsWith(selectors.createSender))),
      needed(findCall(root, sender, selectors.validateUserOp)),
    ),
    callGasLimit: signed.callData === '0x' ? 0n : needed(findCall(inner, sender)),
    paymasterVerificationGasLimit: most(
      outcome.gas.paymaster,
      needed(paymaster && findCall(root, paymaster, selectors.validatePaymasterUserOp)),
    ),
    paymasterPostOpGasLimit: needed(paymaster && findCall(inner, paymaster, selectors.postOp)),
  }
  const metered = event.actualGasUsed - signed.preVerificationGas - penaltyOf(signed, event.actualGasUsed, outcome.gas.total)
  return {
    success: event.success,
    starved: starvedFrames(root),
    needed: { ...limits, preVerificationGas: receipt.gasUsed + run.result.gasRefunded - metered },
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

function most(...values: readonly bigint[]): bigint {
  return values.reduce((largest, value) => (value > largest ? value : largest), 0n)
}
