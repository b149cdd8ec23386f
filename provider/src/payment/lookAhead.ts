// Asks the chain before a request has to wait for its answers. At each block all is asked anew that a lane is judged by: for
// those that were used at the block before this is done while requests are still judged by that one, a few at a time, so that
// neither the node nor the processor is taken up by all at once.
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChainFacts, Head } from './chainFacts.ts'
import type { LaneBook } from './laneBook.ts'
import type { TokenHolder } from './laneTokens.ts'

export type LookAhead = {
  /**
   * What a voucher of the lane is judged by, where it is known: the first that comes with a block waits for one answer of the
   * node rather than for four, one after the other.
   */
  ofLane(holder: TokenHolder, endpointId: string | undefined): void
  /** The same at the next head, of all lanes that were used at this one. Resolves when it is known, or has taken too long. */
  atNext(head: Head): Promise<void>
}

type LaneUse = { readonly holder: TokenHolder; readonly endpointId: string | undefined }

const lanesAtOnce = 2
const breathMilliseconds = 1
/** A right that a block has ended is out by then, however slow the node is: what is not known yet, its first request asks. */
const mostMilliseconds = 500

export function createLookAhead(options: {
  readonly facts: ChainFacts
  /** By another head than that by which requests are judged. */
  readonly factsAt: (head: () => Head) => ChainFacts
  readonly book: Pick<LaneBook, 'get'>
}): LookAhead {
  const { facts, factsAt, book } = options
  /** At the present head, by lane. */
  let used: { readonly hash: Head['hash']; readonly lanes: Map<string, LaneUse> } | undefined

  /** Nobody fails by it: whoever needs an answer asks again, and hears why there is none. */
  async function ask({ holder, endpointId }: LaneUse, at: ChainFacts): Promise<void> {
    const { payer, signer } = holder
    await Promise.allSettled(
      [
        () => at.session(payer.sessionId),
        () => at.isContract(holder),
        () => at.line(payer),
        () => at.mayUse(payer, signer, endpointId),
        () => at.redeemed(payer),
      ].map(async question => await question()),
    )
  }

  return {
    ofLane(holder, endpointId) {
      const { hash } = facts.head()
      const { lane } = holder.payer
      if (used?.hash !== hash) used = { hash, lanes: new Map() }
      if (used.lanes.has(lane) || book.get(lane)?.signed.signer !== holder.signer) return
      const use = { holder, endpointId }
      used.lanes.set(lane, use)
      void ask(use, facts)
    },
    async atNext(head) {
      const next = factsAt(() => head)
      const until = performance.now() + mostMilliseconds
      const lanes = used?.hash === facts.head().hash ? [...used.lanes.values()] : []
      const asking: Promise<void>[] = []
      for (let at = 0; at < lanes.length && performance.now() < until; at += lanesAtOnce) {
        if (at > 0) await sleep(breathMilliseconds)
        for (const use of lanes.slice(at, at + lanesAtOnce)) asking.push(ask(use, next))
      }
      if (asking.length === 0) return
      const over = new AbortController()
      const left = Math.max(0, until - performance.now())
      await Promise.race([
        Promise.all(asking),
        sleep(left, undefined, { ref: false, signal: over.signal }).catch(() => undefined),
      ])
      over.abort()
    },
  }
}
