// From the frames of geth's erc7562Tracer to the facts that every tracer gives.
import type { Block } from '@worldland-aa/service/chain/block'
import { type Address, type Hex, size } from 'viem'
import type { EntryPointVersion } from '../../entryPoint/entryPointVersion.ts'
import type { PhaseFacts, Trace, ValidationGas } from '../trace.ts'
import type { EntityRole, UserOperation } from '../validatedOperation.ts'
import { phaseFacts } from './nativePhase.ts'

export type NativeFrame = {
  readonly type: string
  readonly from: Address
  readonly to?: Address
  readonly input: Hex
  readonly output?: Hex
  readonly value?: Hex
  readonly gas: Hex
  readonly gasUsed: Hex
  readonly error?: string
  readonly accessedSlots?: Readonly<
    Partial<Record<'reads' | 'writes' | 'transientReads' | 'transientWrites', Readonly<Record<Hex, unknown>>>>
  >
  readonly contractSize?: Readonly<
    Record<Address, { readonly contractSize: number; readonly opcode: number }>
  >
  readonly extCodeAccessInfo?: readonly Address[]
  readonly usedOpcodes?: Readonly<Record<Hex, number>>
  readonly outOfGas?: boolean
  readonly calls?: readonly NativeFrame[]
  /** At the root only. */
  readonly keccak?: readonly Hex[]
}

type Request = {
  readonly block: Block
  readonly entryPoint: Address
  readonly version: EntryPointVersion
  readonly userOperation: UserOperation
}

/** Throws when the node answered something that is no frame. */
export function nativeTrace(root: NativeFrame, request: Request): Trace {
  if (typeof root?.input !== 'string') throw new Error('debug_traceCall did not run erc7562Tracer')
  const phases = phasesOf(root, request.version)
  // Validation has passed when the EntryPoint turns to execution, however that ends.
  const execution = (root.calls ?? []).find(({ input }) =>
    input.startsWith(request.version.selectors.innerHandleOp),
  )
  return {
    block: request.block,
    phases,
    keccakPreimages: (root.keccak ?? []).filter(beginsWithAddress),
    outcome:
      execution === undefined
        ? { passed: false, revertData: root.output ?? '0x' }
        : { passed: true, gas: meteredGas(execution, phases, request) },
  }
}

/** A phase begins where the EntryPoint, or the SenderCreator for it, calls an entity. */
function phasesOf(
  root: NativeFrame,
  { selectors }: EntryPointVersion,
): Partial<Record<EntityRole, PhaseFacts>> {
  const phases: Partial<Record<EntityRole, PhaseFacts>> = {}
  for (const call of root.calls ?? []) {
    if (call.type !== 'CALL') continue
    if (call.input.startsWith(selectors.validateUserOp)) phases.sender = phaseFacts(call)
    else if (call.input.startsWith(selectors.validatePaymasterUserOp)) phases.paymaster = phaseFacts(call)
    else if (call.input.startsWith(selectors.createSender)) {
      const creation = call.calls?.find(({ type }) => type === 'CALL')
      if (creation !== undefined) phases.factory = phaseFacts(creation)
    }
  }
  return phases
}

// What the EntryPoint spends around validatePaymasterUserOp within the paymaster's limit, rounded up.
const paymasterOverheadGas = 12_000n
const contextWordGas = 78n

/** innerHandleOp is handed preOpGas; how it falls to account and paymaster has to be told from their frames. */
function meteredGas(
  execution: NativeFrame,
  { paymaster }: Trace['phases'],
  { version, userOperation }: Request,
): ValidationGas {
  const total = version.preOpGas(execution.input) - userOperation.preVerificationGas
  if (paymaster === undefined || !version.hasPaymasterLimits) return { account: total, paymaster: 0n, total }
  const context = BigInt(size(paymaster.output) / 32) * contextWordGas
  const paymasterGas = paymaster.gasUsed + paymasterOverheadGas + context
  return { account: total - paymaster.gasUsed, paymaster: paymasterGas, total }
}

/** Only such a preimage makes a slot associated. */
function beginsWithAddress(preimage: Hex): boolean {
  return size(preimage) >= 32 && size(preimage) <= 512 && preimage.startsWith(`0x${'00'.repeat(12)}`)
}
