// What validation found out about an operation it lets in: all that the later stages need,
// so that nothing is traced twice. Survives in the store as JSON (bigints as decimal strings).
import type { BlockReference } from '@worldland-aa/service/chain/block'
import type { Address, Hash, Hex } from 'viem'
import type { UserOperation as ViemUserOperation } from 'viem/account-abstraction'

/** Unpacked, with all that any EntryPoint knows of; what v0.6 keeps in one limit stays absent here. */
export type UserOperation = ViemUserOperation<'0.7'> & {
  /** v0.9: signed after the account has signed. */
  readonly paymasterSignature?: Hex | undefined
}

export type EntityRole = 'sender' | 'factory' | 'paymaster'

/** An entity's stake in the EntryPoint as of `verifiedAt`. */
export type EntityStake = {
  readonly address: Address
  readonly stakeWei: bigint
  readonly unstakeDelaySeconds: number
  /** Both at or above the configured minimum. ERC-7562 [SREP-010] */
  readonly isStaked: boolean
}

export type SlotAccess = { readonly reads: readonly Hex[]; readonly writes: readonly Hex[] }

export type ValidatedOperation = {
  readonly userOperation: UserOperation
  readonly userOperationHash: Hash
  readonly entryPoint: Address
  readonly entities: {
    readonly sender: EntityStake
    readonly factory?: EntityStake
    readonly paymaster?: EntityStake
  }
  /** Seconds since the Unix epoch; 0 for no bound. The tighter of account and paymaster. */
  readonly validAfter: number
  readonly validUntil: number
  /** Who set `validUntil`, and answers for what expires; absent where nobody did. */
  readonly endedBy?: 'sender' | 'paymaster'
  /** The same in block numbers, for those that v0.9 lets bound them. */
  readonly validBlocks?: { readonly after: number; readonly until: number }
  /** The most the operation can cost: the EntryPoint's requiredPrefund. */
  readonly prefundWei: bigint
  /** Gas the validation phase really took, without preVerificationGas. */
  readonly verificationGasUsed: bigint
  /** Storage that validation touched, by contract; what bundling checks conflicts against. */
  readonly storage: Readonly<Record<Address, SlotAccess>>
  /** keccak over the code hashes of every address validation visited. ERC-7562 [COD-010] */
  readonly codeHash: Hash
  readonly verifiedAt: BlockReference
  /** As first validation saw it, and as the last one did. */
  readonly accepted?: ValidationRecord
  readonly current?: ValidationRecord
  /** The alternative mempools it is part of; absent for the canonical one. ERC-7562 [ALT-021] */
  readonly mempools?: readonly string[]
  /** Its authorization has to go with the bundle: the chain has not taken it yet. EIP-7702 */
  readonly authorizes?: boolean
}

/** What must not change much between two validations. ERC-7562 [EREP-055], [EREP-070] */
export type ValidationRecord = {
  /** What the paymaster hands from validation to postOp. */
  readonly contextBytes: number
  readonly phaseGas: Readonly<Partial<Record<EntityRole, number>>>
}
