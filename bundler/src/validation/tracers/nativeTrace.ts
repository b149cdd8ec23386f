// From the frames of geth's erc7562Tracer to the facts that every tracer gives.
import type { Block } from '@worldland-aa/service/chain/block'
import { type Address, type Hex, size } from 'viem'
import type { EntryPointVersion } from '../../entryPoint/entryPointVersion.ts'
import type { PhaseFacts, Trace } from '../trace.ts'
import type { EntityRole, UserOperation } from '../validatedOperation.ts'
import { joinedPhase } from './joinedPhase.ts'
import { nativeGas } from './nativeGas.ts'
import { phaseFacts } from './nativePhase.ts'

export type NativeFrame = {
  readonly type: string
  readonly from: Address
  /** Absent in a creation that failed. */
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

export type NativeRequest = {
  readonly block: Block
  readonly entryPoint: Address
  readonly version: EntryPointVersion
  readonly userOperation: UserOperation
}

/** Delegations by EIP-7702: whose code an account runs. */
export type Delegates = ReadonlyMap<Address, Address>

export function nativeTrace(root: NativeFrame, request: NativeRequest, delegates: Delegates): Trace {
  const { selectors } = request.version
  const phases = phasesOf(root, request.version, delegates)
  // Validation has passed when the EntryPoint turns to execution, however that ends.
  const execution = callOf(root, selectors.innerHandleOp)
  const answer = callOf(root, selectors.validatePaymasterUserOp)?.output ?? '0x'
  return {
    block: request.block,
    phases,
    keccakPreimages: (root.keccak ?? []).filter(beginsWithAddress),
    outcome:
      execution === undefined
        ? { passed: false, revertData: root.output ?? '0x' }
        : { passed: true, gas: nativeGas({ execution, answer }, phases, request) },
  }
}

function callOf({ calls = [] }: NativeFrame, selector: Hex): NativeFrame | undefined {
  return calls.find(({ input }) => input.startsWith(selector))
}

/** A phase begins where the EntryPoint, or the SenderCreator for it, calls an entity. */
function phasesOf(
  root: NativeFrame,
  { selectors }: EntryPointVersion,
  delegates: Delegates,
): Partial<Record<EntityRole, PhaseFacts>> {
  const phases: Partial<Record<EntityRole, PhaseFacts>> = {}
  for (const call of root.calls ?? []) {
    if (call.type !== 'CALL') continue
    if (call.input.startsWith(selectors.validateUserOp)) {
      phases.sender = joinedPhase(phases.sender, phaseFacts(call, delegates))
    } else if (call.input.startsWith(selectors.initEip7702Sender)) {
      const setUp = call.calls?.find(({ type }) => type === 'CALL')
      if (setUp !== undefined) phases.sender = phaseFacts(setUp, delegates)
    } else if (call.input.startsWith(selectors.validatePaymasterUserOp))
      phases.paymaster = phaseFacts(call, delegates)
    else if (call.input.startsWith(selectors.createSender)) {
      const creation = call.calls?.find(({ type }) => type === 'CALL')
      if (creation !== undefined) phases.factory = phaseFacts(creation, delegates)
    }
  }
  return phases
}

/** Only such a preimage makes a slot associated. */
function beginsWithAddress(preimage: Hex): boolean {
  return size(preimage) >= 32 && size(preimage) <= 512 && preimage.startsWith(`0x${'00'.repeat(12)}`)
}
