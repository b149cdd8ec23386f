// InstanceLease's errors in words.
import type { ContractErrorName } from 'viem'
import type { instanceLeaseAbi } from '../../abi/instanceLease.ts'
import { leaseStates } from '../../actions/lease/lease.ts'
import { fromActBits } from '../../actions/rights/rightActs.ts'
import { sessionStates } from '../../actions/session/session.ts'
import { amount } from './amount.ts'
import type { OfferBookErrorName } from './offerBookSentences.ts'
import type { OpenZeppelinErrorName } from './openZeppelinSentences.ts'
import type { RegistryErrorName } from './registrySentences.ts'
import type { RightsErrorName } from './rightsSentences.ts'
import type { Sentences } from './sentence.ts'
import type { TokenErrorName } from './tokenSentences.ts'

export type LeaseErrorName = Exclude<
  ContractErrorName<typeof instanceLeaseAbi>,
  TokenErrorName | RegistryErrorName | OfferBookErrorName | RightsErrorName | OpenZeppelinErrorName
>

/** Sessions refuse by the same error, with states of their own. */
function stateOf(agreementId: bigint, state: number): string {
  const lease = `Lease ${agreementId} is ${leaseStates[state] ?? `in state ${state}`}`
  const session = sessionStates[state]
  return session === undefined ? lease : `${lease} (or session ${agreementId} is ${session})`
}

export const leaseSentences: Sentences<typeof instanceLeaseAbi, LeaseErrorName> = {
  UnknownLease: ([leaseId]) => ({
    problem: `There is no lease ${leaseId}.`,
    remedy: 'Take the id that waitForRental returned.',
  }),
  WrongState: ([leaseId, state]) => ({
    problem: `${stateOf(leaseId, state)}, in which this cannot be done.`,
    remedy: 'Read it again by getLease or getSession: the other party may have moved it on.',
  }),
  NotAuthorized: ([leaseId, caller, act]) => ({
    problem: `${caller} holds no right that allows it to ${fromActBits(act).join(', ') || `do ${act}`} in lease ${leaseId}.`,
    remedy: 'Send this from the account that opened the lease, or have it grant you the right.',
  }),
  NotProvider: ([leaseId, caller]) => ({
    problem: `Lease or session ${leaseId} is not served by ${caller}.`,
    remedy: 'Send this from its provider.',
  }),
  NotStoppableBy: ([leaseId, caller]) => ({
    problem: `${caller} may not stop lease ${leaseId} while paid time is left.`,
    remedy: 'Its provider or a holder of the right to stop can now; anyone can once its time is used up.',
  }),
  NotInstanceOffer: ([offerId]) => ({
    problem: `Offer ${offerId} does not rent whole machines.`,
    remedy: "Take an offer of kind 'instance'.",
  }),
  PriceAboveMaximum: ([priceWei, maximumWei]) => ({
    problem: `The price is ${amount(priceWei)} a second now, above the ${amount(maximumWei)} agreed to.`,
    remedy: 'Read the offer again and agree to its new price, or take another one.',
  }),
  DurationOutOfRange: ([requested, minimum, maximum]) => ({
    problem: `${requested} seconds are asked for; from ${minimum} to ${maximum} are possible.`,
    remedy: 'Ask for a duration within these limits.',
  }),
  InvalidBroker: ([broker, basisPoints]) => ({
    problem: `The broker ${broker} with a share of ${basisPoints}/10000 is not possible.`,
    remedy: 'Give both a broker that can be paid and its share of at most 10000, or neither.',
  }),
  AccessTooLong: ([length, maximum]) => ({
    problem: `The access details are ${length} bytes long; ${maximum} are allowed.`,
    remedy: 'Put them behind a link, encrypted to the payer.',
  }),
  RequestTooLong: ([length, maximum]) => ({
    problem: `The request is ${length} bytes long; ${maximum} are allowed.`,
    remedy: 'Leave something out, or put it behind a link that only the provider can open.',
  }),
  DeadlinePassed: ([deadlineBlock]) => ({
    problem: `Block ${deadlineBlock} was the last one in which this could be done.`,
    remedy:
      'Others can now move it on: expire the lease, claim the fault, finalize the session, refund or settle the purchase.',
  }),
  DeadlineNotPassed: ([deadlineBlock]) => ({
    problem: `The other party has until block ${deadlineBlock}.`,
    remedy: 'Try again in a later block.',
  }),
  TimeUsedUp: ([leaseId]) => ({
    problem: `All paid time of lease ${leaseId} is used up.`,
    remedy: 'Stop and settle it, and open a new lease.',
  }),
  PausesUsedUp: ([leaseId]) => ({
    problem: `Lease ${leaseId} has been paused for as long as it may be.`,
    remedy: 'Keep it running or stop it.',
  }),
  PingOpen: ([pongDeadlineBlock]) => ({
    problem: `A ping waits for its answer until block ${pongDeadlineBlock}.`,
    remedy: 'The provider answers it by pongLease; after that block anyone can call claimFault.',
  }),
  NoPingOpen: ([leaseId]) => ({
    problem: `No ping of lease ${leaseId} waits for an answer.`,
    remedy: 'The payer asks by pingProvider first.',
  }),
  PingTooSoon: ([nextPingBlock]) => ({
    problem: `The next ping can be sent in block ${nextPingBlock}.`,
    remedy: 'Wait for that block.',
  }),
  FaultUnclaimed: ([leaseId]) => ({
    problem: `The provider of lease ${leaseId} left a ping unanswered.`,
    remedy: 'End the lease by claimFault: it refunds the rest and slashes the bond.',
  }),
  InvalidParameter: ([parameter]) => ({
    problem: `The market cannot be deployed with this "${parameter}".`,
    remedy: `Deploy it with a sensible "${parameter}".`,
  }),
}
