// Runs an operation from deployment to postOp without caring for its signature: the EntryPoint's own
// simulation code, put in its place for the length of one traced call.
import { createRequire } from 'node:module'
import type { Block } from '@worldland-aa/service/chain/block'
import { type Abi, type Address, decodeFunctionResult, encodeFunctionData, type Hex, zeroAddress } from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { type CallFrame, findCall } from './callFrame.ts'
import type { CallTracer } from './callTracer.ts'
import { overrideCode, type RpcOverrides } from './overrides.ts'

// Of v0.7.0: compiled for no EVM newer than London.
const simulations: { readonly abi: Abi; readonly deployedBytecode: Hex } = createRequire(import.meta.url)(
  '@account-abstraction/contracts/artifacts/EntryPointSimulations.json',
)

export type Simulation =
  | {
      readonly ok: true
      /** All that ran, for questions about the whole. */
      readonly root: CallFrame
      /** Gas of the whole validation, as the EntryPoint meters it, without preVerificationGas. */
      readonly verificationGas: bigint
      readonly deployment: CallFrame | undefined
      readonly accountValidation: CallFrame
      readonly paymasterValidation: CallFrame | undefined
      /** The frame around execution and postOp; it fails when postOp does. */
      readonly inner: CallFrame
      /** Absent for an operation without callData. */
      readonly execution: CallFrame | undefined
      readonly postOperation: CallFrame | undefined
    }
  | { readonly ok: false; readonly revertData: Hex }

const selectors = {
  createSender: '0x570e1a36',
  validateUserOp: '0x19822f7c',
  validatePaymasterUserOp: '0x52b7512c',
  innerHandleOp: '0x0042dc53',
  postOp: '0x7c627b21',
} as const

/** Throws when the node does not answer. */
export async function simulate(request: {
  tracer: CallTracer
  entryPoint: Address
  block: Block
  userOperation: UserOperation
  overrides: RpcOverrides
}): Promise<Simulation> {
  const { tracer, entryPoint, block, userOperation, overrides } = request
  const data = encodeFunctionData({
    abi: simulations.abi,
    functionName: 'simulateHandleOp',
    args: [toPackedUserOperation(userOperation), zeroAddress, '0x'],
  })
  const root = await tracer.traceCall({
    call: { to: entryPoint, data, gas: simulationGas(userOperation) },
    overrides: overrideCode(overrides, entryPoint, simulations.deployedBytecode),
    block,
  })
  if (root.error !== undefined) return { ok: false, revertData: root.output ?? '0x' }
  return succeeded(root, request)
}

function succeeded(
  root: CallFrame,
  { entryPoint, userOperation }: { entryPoint: Address; userOperation: UserOperation },
): Simulation {
  const { sender, paymaster } = userOperation
  const inner = findCall(root, entryPoint, selectors.innerHandleOp)
  const accountValidation = findCall(root, sender, selectors.validateUserOp)
  if (inner === undefined || accountValidation === undefined) {
    throw new Error('The simulated EntryPoint did not call what v0.7 calls')
  }
  const { preOpGas } = decodeFunctionResult({
    abi: simulations.abi,
    functionName: 'simulateHandleOp',
    data: root.output ?? '0x',
  }) as { preOpGas: bigint }
  return {
    ok: true,
    root,
    verificationGas: preOpGas - userOperation.preVerificationGas,
    deployment: root.calls?.find(call => call.input.startsWith(selectors.createSender)),
    accountValidation,
    paymasterValidation: paymaster && findCall(root, paymaster, selectors.validatePaymasterUserOp),
    inner,
    execution: userOperation.callData === '0x' ? undefined : findCall(inner, sender),
    postOperation: paymaster && findCall(inner, paymaster, selectors.postOp),
  }
}

/** All limits, deployment and validateUserOp with one each, behind the 63/64 rule; and the EntryPoint's own. */
function simulationGas(userOperation: UserOperation): bigint {
  const limits =
    2n * userOperation.verificationGasLimit +
    userOperation.callGasLimit +
    (userOperation.paymasterVerificationGasLimit ?? 0n) +
    (userOperation.paymasterPostOpGasLimit ?? 0n)
  const intrinsicAndEntryPoint = 1_000_000n
  return (limits * 65n) / 64n + intrinsicAndEntryPoint
}
