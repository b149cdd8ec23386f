// What the lanes of one session have had redeemed, and what each draws on. A session may have thousands of lanes, and all of
// them count for each voucher: they are asked of the chain anew only when the session has paid something out, or after a
// reorg. Which rights a lane draws on never changes.
import type { Session } from '@worldland-aa/sdk/actions/session/session'
import type { ChainFacts, Line, Redeemed } from './chainFacts.ts'
import type { Payer } from './paymentGate.ts'

export type LaneFunds = { readonly redeemed: Redeemed; readonly line: Line }

export type SessionFunds = {
  /** By lane; as of the session's block, or as good as that. */
  of(session: Session, payers: readonly Payer[]): Promise<ReadonlyMap<string, LaneFunds>>
  /** A reorg: payments may be gone without the sum telling. */
  forget(): void
}

const mostSessions = 10_000

export function createSessionFunds(facts: ChainFacts): SessionFunds {
  let known = new Map<bigint, { readonly spentWei: bigint; readonly lanes: Map<string, LaneFunds> }>()

  async function read(payer: Payer): Promise<LaneFunds> {
    const [redeemed, line = []] = await Promise.all([facts.redeemed(payer), facts.line(payer)])
    return { redeemed, line }
  }

  return {
    async of({ sessionId, spentWei }, payers) {
      const before = known.get(sessionId)
      const lanes = before?.spentWei === spentWei ? before.lanes : new Map<string, LaneFunds>()
      if (known.size >= mostSessions && before === undefined) known = new Map()
      known.set(sessionId, { spentWei, lanes })
      const unread = payers.filter(({ lane }) => !lanes.has(lane))
      const answers = await Promise.all(unread.map(async payer => [payer.lane, await read(payer)] as const))
      for (const [lane, funds] of answers) lanes.set(lane, funds)
      return lanes
    },
    forget() {
      known = new Map()
    },
  }
}
