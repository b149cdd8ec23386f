// How lanes stand on the chain: what of each can be redeemed, and what presses. Only the chain says what is redeemed; it is
// asked often about what waits, now and then about the rest, and about all after a reorg.
import type { Logger } from '@worldland-aa/service/logger'
import type { ChainFacts } from './chainFacts.ts'
import type { LaneAccount, LaneBook } from './laneBook.ts'
import type { LaneStanding } from './redemptionPlan.ts'

export type LaneStandings = {
  /** Of the lanes whose turn it is at this block. */
  look(blockNumber: bigint): Promise<readonly LaneStanding[]>
  lookAgain(lanes: readonly string[]): void
  lookAtAll(): void
}

/** A close leaves 360 blocks to redeem in, as does a revocation: seen after six, there are enough. */
const blocksBetweenLooks = { waiting: 6n, redeemed: 60n }
const looksAtOnce = 25
/** Whoever pays at this block has the node too. Those not looked at longest come first. */
const mostLooksPerBlock = 500
const sessionEndSeconds = 600

export function createLaneStandings(options: {
  readonly facts: ChainFacts
  readonly book: LaneBook
  readonly logger: Logger
}): LaneStandings {
  const { facts, book, logger } = options
  const lookedAt = new Map<string, bigint>()
  const waitsSince = new Map<string, bigint>()
  const lost = new Set<string>()

  const lookedAtBlock = ({ payer }: LaneAccount): bigint => lookedAt.get(payer.lane) ?? -1n

  function isTurn({ payer, signed, redeemedWei }: LaneAccount, blockNumber: bigint): boolean {
    const last = lookedAt.get(payer.lane)
    if (last === undefined || last > blockNumber) return true
    const isWaiting = signed.voucher.cumulativeWei > redeemedWei
    return blockNumber - last >= (isWaiting ? blocksBetweenLooks.waiting : blocksBetweenLooks.redeemed)
  }

  async function endOf({ payer, signed }: LaneAccount): Promise<'lost' | 'near' | 'far'> {
    const session = await facts.session(payer.sessionId)
    const { number, timestamp } = facts.head()
    if (session === undefined || session.state === 'finalized') return 'lost'
    if (session.challengeEndBlock !== undefined && number >= session.challengeEndBlock) return 'lost'
    const isNearEnd = Number(timestamp) + sessionEndSeconds >= session.expiresAtTimestamp
    if (session.state === 'closing' || isNearEnd) return 'near'
    return (await facts.isInForce(payer, signed.signer)) ? 'far' : 'near'
  }

  async function standingOf(account: LaneAccount, blockNumber: bigint): Promise<LaneStanding | undefined> {
    const { payer, signed } = account
    const { lane } = payer
    const { cumulativeWei: redeemedWei } = await facts.redeemed(payer)
    // For operators to see, and after a restart the chain says it again: no redemption waits for the disk.
    book
      .noteRedeemed(lane, redeemedWei)
      .catch(error => logger.warn({ error, lane }, 'what is redeemed could not be noted'))
    lookedAt.set(lane, blockNumber)
    const payableWei = signed.voucher.cumulativeWei - redeemedWei
    if (payableWei <= 0n) {
      waitsSince.delete(lane)
      return undefined
    }
    const since = waitsSince.get(lane) ?? blockNumber
    waitsSince.set(lane, since)
    const end = await endOf(account)
    if (end === 'lost') {
      tellLoss(account, payableWei)
      return undefined
    }
    lost.delete(lane)
    return {
      ...{ account, payableWei, isEnding: end === 'near' },
      isContract: await facts.isContract({ payer, signer: signed.signer }),
      waitedBlocks: blockNumber > since ? blockNumber - since : 0n,
    }
  }

  function tellLoss({ payer }: LaneAccount, payableWei: bigint): void {
    if (lost.has(payer.lane)) return
    lost.add(payer.lane)
    logger.error(
      { lane: payer.lane, payableWei: payableWei.toString() },
      'a voucher can no longer be redeemed: its session is over',
    )
  }

  return {
    async look(blockNumber) {
      const due = [...book.all()]
        .filter(account => isTurn(account, blockNumber))
        .sort((one, other) => Number(lookedAtBlock(one) - lookedAtBlock(other)))
        .slice(0, mostLooksPerBlock)
      const standings: LaneStanding[] = []
      for (let at = 0; at < due.length; at += looksAtOnce) {
        const some = due.slice(at, at + looksAtOnce).map(account => standingOf(account, blockNumber))
        for (const standing of await Promise.all(some)) if (standing !== undefined) standings.push(standing)
      }
      return standings
    },
    lookAgain(lanes) {
      for (const lane of lanes) lookedAt.delete(lane)
    },
    lookAtAll() {
      lookedAt.clear()
    },
  }
}
