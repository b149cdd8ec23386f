// Runs an operation from deployment to postOp without caring for its signature: by the EntryPoint's own
// simulation code, if need be put in its place for the length of one traced call.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Address, Hex } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { type CallFrame, findCall } from './callFrame.ts'
import type { CallTracer } from './callTracer.ts'
import { newSlotShortfall } from './overriddenWrite.ts'
import { overrideCode, type RpcOverrides } from './overrides.ts'

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

/** Throws when the node does not answer. */
export async function simulate(request: {
  tracer: CallTracer
  entryPoint: Address
  version: EntryPointVersion
  block: Block
  userOperation: UserOperation
  overrides: RpcOverrides
  /** The account's deposit is hidden by an override, and filled. */
  isDepositHidden: boolean
}): Promise<Simulation> {
  const { tracer, entryPoint, version, block, userOperation, overrides } = request
  const { code } = version.simulation
  const data = version.simulation.encode(userOperation)
  const root = await tracer.traceCall({
    userOperation,
    call: { to: entryPoint, data, gas: simulationGas(userOperation, version) },
    overrides: code === undefined ? overrides : overrideCode(overrides, entryPoint, code),
    block,
  })
  const preOpGas = version.simulation.preOpGas(root)
  if (preOpGas === undefined) return { ok: false, revertData: root.output ?? '0x' }
  const shortfall = await shortfallOf(request)
  return succeeded(root, preOpGas + shortfall, request)
}

/** Gas by which a deposit that an override has set was written to too cheaply. */
async function shortfallOf({
  tracer,
  userOperation: { paymaster, maxFeePerGas },
  isDepositHidden,
}: {
  tracer: CallTracer
  userOperation: UserOperation
  isDepositHidden: boolean
}): Promise<bigint> {
  // The paymaster's is lent, and charged.
  const isCharged = paymaster !== undefined && maxFeePerGas > 0n
  if (!isCharged && !isDepositHidden) return 0n
  const shortfall = (await tracer.overriddenWriteShortfall?.()) ?? 0n
  return isDepositHidden && shortfall > 0n ? newSlotShortfall : shortfall
}

function succeeded(
  root: CallFrame,
  preOpGas: bigint,
  request: { entryPoint: Address; version: EntryPointVersion; userOperation: UserOperation },
): Simulation {
  const { entryPoint, userOperation } = request
  const { selectors } = request.version
  const { sender, paymaster } = userOperation
  const inner = findCall(root, entryPoint, selectors.innerHandleOp)
  const accountValidation = findCall(root, sender, selectors.validateUserOp)
  if (inner === undefined || accountValidation === undefined) {
    throw new Error('The simulated EntryPoint did not call what its version calls')
  }
  return {
    ok: true,
    root,
    verificationGas: preOpGas - userOperation.preVerificationGas,
    deployment: root.calls?.find(
      ({ input }) =>
        input.startsWith(selectors.createSender) || input.startsWith(selectors.initEip7702Sender),
    ),
    accountValidation,
    paymasterValidation: paymaster && findCall(root, paymaster, selectors.validatePaymasterUserOp),
    inner,
    execution: userOperation.callData === '0x' ? undefined : findCall(inner, sender),
    postOperation: paymaster && findCall(inner, paymaster, selectors.postOp),
  }
}

/** All limits, deployment and validateUserOp with one each, behind the 63/64 rule; and the EntryPoint's own. */
function simulationGas(userOperation: UserOperation, version: EntryPointVersion): bigint {
  const limits =
    2n * userOperation.verificationGasLimit +
    (userOperation.paymasterVerificationGasLimit ?? 0n) +
    version.executionGas(userOperation)
  const intrinsicAndEntryPoint = 1_000_000n
  return (limits * 65n) / 64n + intrinsicAndEntryPoint
}
