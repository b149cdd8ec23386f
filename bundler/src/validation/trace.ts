// The facts of one traced validation: what each entity did, without judgement.
// Addresses and slots are lower-case hex.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Address, Hex } from 'viem'
import type { Authority } from './authorization.ts'
import type { EntityRole } from './validatedOperation.ts'

export type Trace = {
  readonly block: Block
  readonly phases: Readonly<Partial<Record<EntityRole, PhaseFacts>>>
  /** What was hashed anywhere in validation and begins with a left-padded address: roots of associated slots. */
  readonly keccakPreimages: readonly Hex[]
  readonly outcome: TraceOutcome
  /** The sender before its authorization was applied, if it gives one. EIP-7702 */
  readonly authority?: Authority
}

/** How handleOps ended its validation loop. */
export type TraceOutcome =
  | { readonly passed: true; readonly gas: ValidationGas }
  /** The revert data of handleOps; or how many steps were not enough to see its end. */
  | { readonly passed: false; readonly revertData: Hex; readonly stepLimit?: number }

/** Gas as the EntryPoint itself reckons it. */
export type ValidationGas = {
  /** What must fit into verificationGasLimit: deployment, validateUserOp, prefund, nonce. */
  readonly account: bigint
  /** What must fit into paymasterVerificationGasLimit; 0 without a paymaster. */
  readonly paymaster: bigint
  /** preOpGas without preVerificationGas. */
  readonly total: bigint
}

/** One validation phase and all it called; attributed to the entity that heads it. */
export type PhaseFacts = {
  readonly entity: Address
  /** Whose code the entity runs by EIP-7702, if it does. */
  readonly delegate?: Address
  /** Gas the phase's call was given and took. */
  readonly gasLimit: bigint
  readonly gasUsed: bigint
  /** What the phase's call returned, or reverted with. */
  readonly output: Hex
  readonly reverted: boolean
  /** By mnemonic. GAS counts only when no *CALL follows it. ERC-7562 [OP-012] */
  readonly opcodes: Readonly<Record<string, OpcodeUse>>
  readonly storage: Readonly<Record<Address, StorageFacts>>
  /** Addresses whose code was used (*CALL, EXTCODE*), as it was at the first use. */
  readonly codeAccess: Readonly<Record<Address, CodeAccess>>
  readonly calls: readonly CallFact[]
  readonly creations: readonly CreationFact[]
  /** Frames that ran out of gas, caught or not. ERC-7562 [OP-020] */
  readonly outOfGas: readonly Address[]
}

export type OpcodeUse = { readonly count: number; readonly contract: Address }

/** Slots by the contract whose storage they are in. Transient slots count like persistent ones. */
export type StorageFacts = { readonly reads: readonly Hex[]; readonly writes: readonly Hex[] }

export type CodeAccess = {
  readonly codeBytes: number
  readonly opcode: string
  /** The contract that used the code. */
  readonly contract: Address
  /** Whose code it is by EIP-7702, if it is lent. */
  readonly delegate?: Address
  /** By EXTCODE* other than EXTCODESIZE ISZERO. */
  readonly inspected: boolean
}

export type CallFact = {
  readonly type: string
  readonly from: Address
  readonly to: Address
  readonly valueWei: bigint
  /** The first 36 bytes of the input, or fewer when it is shorter: selector and first argument. */
  readonly inputHead: Hex
}

export type CreationFact = {
  readonly opcode: 'CREATE' | 'CREATE2'
  readonly contract: Address
  readonly created: Address
}
