// Watches what lands: an operation that waited here, in a transaction that nobody in turn has signed for, was taken.
import type { Logger } from '@worldland-aa/service/logger'
import type { Hash } from 'viem'
import type { Inclusion } from '../receipt/inclusion.ts'
import { type Contest, createContest } from './policy/contest.ts'
import type { Schedule } from './schedule/schedule.ts'

export type Landed = Pick<Inclusion, 'operationHash' | 'transactionHash' | 'blockNumber'>

export type Takers = {
  /** These waited here. */
  landed(operations: readonly Landed[]): void
  /** This node has sent it, and signs for it. */
  sent(transactionHash: Hash): void
  onBlock(head: bigint): void
  isContested: Contest['isOn']
}

/** In which the word of a bundle that has landed already comes, however slow its gossip. */
const patienceBlocks = 4n
/** Of this node's own; far more than it can have on their way. */
const mostOwn = 1_024

export function createTakers(options: {
  readonly schedule: Schedule
  /** Whether somebody in turn has said here that this transaction is his. */
  readonly isSignedFor: (transactionHash: Hash) => boolean
  readonly onTaken: (landed: Landed) => void
  readonly logger: Logger
}): Takers {
  const { schedule, logger } = options
  const contest = createContest()
  const own = new Set<Hash>()
  let pending: readonly Landed[] = []
  let firstHead: bigint | undefined

  /** Where nobody led, or had just begun to, nobody signs; and what was said before the start was not heard. */
  function tellsSomething({ blockNumber }: Landed): boolean {
    const { windowBlocks, graceBlocks } = schedule.terms
    if (firstHead === undefined || blockNumber <= firstHead + BigInt(windowBlocks + graceBlocks)) return false
    return schedule.standingOf(0, blockNumber) === 'none'
  }

  function judge(landed: Landed, head: bigint): void {
    const { transactionHash, blockNumber } = landed
    if (own.has(transactionHash) || options.isSignedFor(transactionHash) || !tellsSomething(landed)) return
    options.onTaken(landed)
    if (!contest.isOn(head))
      logger.warn(landed, 'operations are landed out of turn: from now on bundles offer all that theirs pay')
    contest.taken(blockNumber)
  }

  return {
    landed(operations) {
      pending = [...pending, ...operations]
    },
    sent(transactionHash) {
      own.add(transactionHash)
      for (const oldest of own) {
        if (own.size <= mostOwn) return
        own.delete(oldest)
      }
    },
    onBlock(head) {
      firstHead ??= head
      const isDue = ({ blockNumber }: Landed): boolean => blockNumber + patienceBlocks <= head
      const due = pending.filter(isDue)
      pending = pending.filter(one => !isDue(one))
      for (const landed of due) judge(landed, head)
    },
    isContested: contest.isOn,
  }
}
