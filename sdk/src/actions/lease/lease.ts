// A lease as its parties see it at one block, read out of the contract's struct.
import { type Address, type ContractFunctionReturnType, type Hex, zeroAddress } from 'viem'
import type { instanceLeaseAbi } from '../../abi/instanceLease.ts'
import type { PublishedAccess } from '../../sealing/publishedAccess.ts'

/** In the contract's order; `none` means that no such lease was ever opened. */
export const leaseStates = [
  'none',
  'locked',
  'accepted',
  'ready',
  'paused',
  'stopped',
  'settled',
  'expired',
  'faulted',
] as const
export type LeaseState = (typeof leaseStates)[number]

export type Lease = {
  readonly leaseId: bigint
  readonly state: LeaseState
  /** Who opened and pays, and to whom refunds go. */
  readonly payer: Address
  readonly provider: Address
  readonly offerId: bigint
  readonly units: number
  /** Frozen price of one unit and second, token wei. */
  readonly pricePerSecondWei: bigint
  /** Time paid for. */
  readonly maximumSeconds: number
  /** How far `maximumSeconds` may be extended. */
  readonly limitSeconds: number
  /** Seconds billed if the lease ended in the block read. */
  readonly usedSeconds: number
  /** All that was ever paid in for time, token wei. */
  readonly escrowWei: bigint
  /** Token wei earned by provider and broker so far. */
  readonly costWei: bigint
  /** Token wei of the escrow that the payer gets back (or got back) if it ended in the block read. */
  readonly refundWei: bigint
  /** The provider's bond behind this lease, token wei. */
  readonly bondWei: bigint
  readonly imageDigest: Hex
  readonly broker: { readonly address: Address; readonly basisPoints: number } | undefined
  /** Last block to accept (locked) or to make ready (accepted). */
  readonly deadlineBlock: bigint | undefined
  /**
   * How to reach the machine, sealed or open, once it is ready; read only if `getLease` is asked `withAccess`.
   * `openLeaseAccess` opens it.
   */
  readonly access: PublishedAccess | undefined
  /** The unanswered ping, if there is one. */
  readonly ping: { readonly pingedAtTimestamp: bigint; readonly deadlineBlock: bigint } | undefined
  /** The block all this was read at. */
  readonly blockNumber: bigint
}

type LeaseStruct = ContractFunctionReturnType<typeof instanceLeaseAbi, 'view', 'leaseOf'>

export type LeaseFigures = {
  readonly leaseId: bigint
  readonly usedSeconds: number
  readonly costWei: bigint
  readonly refundWei: bigint
  readonly access: PublishedAccess | undefined
  readonly blockNumber: bigint
}

export function toLease(struct: LeaseStruct, figures: LeaseFigures): Lease {
  const state = leaseStates[struct.state]
  if (state === undefined) throw new Error(`Lease ${figures.leaseId} is in the unknown state ${struct.state}`)
  return {
    ...figures,
    state,
    payer: struct.payer,
    provider: struct.provider,
    offerId: struct.offerId,
    units: struct.units,
    pricePerSecondWei: struct.pricePerSecondWei,
    maximumSeconds: struct.maxSeconds,
    limitSeconds: struct.limitSeconds,
    escrowWei: struct.escrowWei,
    bondWei: struct.bondWei,
    imageDigest: struct.imageDigest,
    broker:
      struct.broker === zeroAddress ? undefined : { address: struct.broker, basisPoints: struct.brokerBps },
    deadlineBlock: struct.deadlineBlock === 0n ? undefined : struct.deadlineBlock,
    ping:
      struct.pongDeadlineBlock === 0n
        ? undefined
        : { pingedAtTimestamp: struct.pingedAt, deadlineBlock: struct.pongDeadlineBlock },
  }
}
