// Which of an executor's transactions cannot be mined as they are, and hold up every nonce behind them?
import { type Executor, openSlots } from './executor.ts'
import type { SubmissionLimits } from './limits.ts'
import { lastAttempt, type NonceSlot } from './nonceSlot.ts'

/** It cannot pay the base fee and a miner's least tip. EIP-1559 */
export function isTooCheap(slot: NonceSlot, minableFeePerGas: bigint): boolean {
  return lastAttempt(slot).fees.maxFeePerGas < minableFeePerGas
}

/**
 * A sender must hold gasLimit × maxFeePerGas, whatever the transaction will cost in the end: else it is valid in no
 * block. EIP-1559. None of those that were signed for the nonce is.
 */
export function isUnaffordable({ balanceWei }: Executor, { attempts }: NonceSlot): boolean {
  return attempts.every(({ gasLimit, fees }) => balanceWei < gasLimit * fees.maxFeePerGas)
}

/** Nothing more should be queued on it. */
export function isHeldUp(
  executor: Executor,
  { minableFeePerGas, head, limits }: { minableFeePerGas: bigint; head: bigint; limits: SubmissionLimits },
): boolean {
  const open = openSlots(executor).filter(slot => slot.nonce >= executor.chainNonce)
  const [first] = open
  if (first === undefined) return false
  const waitedBlocks = head - lastAttempt(first).signedAtBlock
  return (
    waitedBlocks >= BigInt(limits.resubmitAfterBlocks) ||
    isUnaffordable(executor, first) ||
    open.some(slot => isTooCheap(slot, minableFeePerGas))
  )
}
