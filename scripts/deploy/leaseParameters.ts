// The market's deadlines, in blocks of about ten seconds: long enough that a run of slow blocks fails nobody.
import { parseEther } from 'viem'

export type LeaseParameters = {
  /** For the provider to accept. */
  readonly acceptBlocks: number
  /** For the provider to make the machine ready, once accepted. */
  readonly readyBlocks: number
  /** For the provider to answer a ping. */
  readonly pongBlocks: number
  /** Between two pings of a lease. */
  readonly pingIntervalBlocks: number
  /** All pauses of a lease together. */
  readonly maxPauseBlocks: number
  /** Token wei that a ping costs its sender if it is answered. */
  readonly pingDepositWei: bigint
}

export const defaultLeaseParameters: LeaseParameters = {
  acceptBlocks: 60,
  readyBlocks: 180,
  pongBlocks: 24,
  pingIntervalBlocks: 60,
  maxPauseBlocks: 360,
  pingDepositWei: parseEther('0.01'),
}

/** How long a closed session waits for a higher voucher. */
export const challengeBlocks = 60
