// May whoever asks use this endpoint at all: the session is open, of this provider and one of the endpoint's offers, not at
// its end, and the signer holds the right. Signing more would not help who fails here.
import type { Session } from '@worldland-aa/sdk/actions/session/session'
import type { Clock } from '@worldland-aa/service/clock'
import { type Address, isAddressEqual } from 'viem'
import type { Outcome } from '../outcome.ts'
import type { ChainFacts, Line } from './chainFacts.ts'
import type { TokenHolder } from './laneTokens.ts'
import type { PaidEndpoint, Payer } from './paymentGate.ts'

export type Standing = { readonly session: Session; readonly line: Line }
/** `unknown`: there is no such session yet, as far as this provider's node has come. */
export type StandingProblem = {
  readonly code: 'unknown' | 'place' | 'end' | 'right' | 'disowned'
  readonly message: string
}

/** Nothing is begun that near its session's end: chain and clocks may differ by so much. */
const endMarginSeconds = 30
/** Anybody may name sessions that there are not. */
const leastRefreshMilliseconds = 100

export function createStanding(options: {
  readonly facts: ChainFacts
  readonly provider: Address
  readonly clock: Clock
  readonly isDisowned: (holder: TokenHolder) => boolean
  /** Looks for a new block now: what is asked about may have come with it. */
  readonly refresh: () => Promise<void>
}) {
  const { facts, provider, clock, isDisowned, refresh } = options
  let refreshedAt = 0

  function problemOfSession(session: Session, endpoint: PaidEndpoint): StandingProblem | undefined {
    const { sessionId, offerId, state, expiresAtTimestamp } = session
    if (!isAddressEqual(session.provider, provider)) {
      return {
        code: 'place',
        message: `Session ${sessionId} is with the provider ${session.provider}, not with this one, ${provider}`,
      }
    }
    if (!endpoint.offerIds.includes(offerId)) {
      const offers = endpoint.offerIds.join(', ')
      return {
        code: 'place',
        message: `Session ${sessionId} is of offer ${offerId}; this endpoint serves sessions of offer ${offers}`,
      }
    }
    if (state !== 'open') {
      return { code: 'end', message: `Session ${sessionId} is ${state}: open another` }
    }
    const nowSeconds = Math.max(Number(facts.head().timestamp), Math.floor(clock.now() / 1_000))
    if (nowSeconds + endMarginSeconds > expiresAtTimestamp) {
      return {
        code: 'end',
        message: `Session ${sessionId} ends at ${expiresAtTimestamp} (now ${nowSeconds}): open another`,
      }
    }
    return undefined
  }

  async function known(sessionId: bigint): Promise<Session | undefined> {
    const session = await facts.session(sessionId)
    const now = clock.now()
    if (session !== undefined || now - refreshedAt < leastRefreshMilliseconds) return session
    refreshedAt = now
    await refresh()
    return await facts.session(sessionId)
  }

  /** What can be said before it is known who signs. */
  async function sessionFor(
    payer: Payer,
    endpoint: PaidEndpoint,
  ): Promise<Outcome<Session, StandingProblem>> {
    const session = await known(payer.sessionId)
    if (session === undefined) {
      return refuse({
        code: 'unknown',
        message: `There is no session ${payer.sessionId} at block ${facts.head().number}: if it was opened just now, try again after the next block`,
      })
    }
    const problem = problemOfSession(session, endpoint)
    return problem === undefined ? { ok: true, value: session } : refuse(problem)
  }

  async function standingOf(
    holder: TokenHolder,
    endpoint: PaidEndpoint,
  ): Promise<Outcome<Standing, StandingProblem>> {
    const { payer, signer } = holder
    const session = await sessionFor(payer, endpoint)
    if (!session.ok) return session
    if (isDisowned(holder)) {
      return refuse({
        code: 'disowned',
        message: `The chain did not pay a voucher that the contract ${signer} had taken for its own: open another session, with a key for its signer`,
      })
    }
    const [line, mayUse] = await Promise.all([
      facts.line(payer),
      facts.mayUse(payer, signer, endpointOf(endpoint)),
    ])
    if (line === undefined) {
      return refuse({
        code: 'right',
        message: `Right ${payer.rightId} does not stem from session ${payer.sessionId}`,
      })
    }
    if (!mayUse) {
      return refuse({
        code: 'right',
        message: `${signer} holds no right ${payer.rightId} in force that allows use of this endpoint: it was revoked, passed on, or never theirs`,
      })
    }
    return { ok: true, value: { session: session.value, line } }
  }

  return { sessionFor, standingOf }
}

export type SessionFor = ReturnType<typeof createStanding>['sessionFor']
export type StandingOf = ReturnType<typeof createStanding>['standingOf']

/** As rights name it; undefined: whichever it is. */
export function endpointOf({ endpointId }: PaidEndpoint): string | undefined {
  return endpointId === '' ? undefined : endpointId
}

function refuse(refusal: StandingProblem): Outcome<never, StandingProblem> {
  return { ok: false, refusal }
}
