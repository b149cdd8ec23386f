// ServerlessSession's errors in words. Those that other contracts have too stand with these, in neutral
// words.
import type { ContractErrorName } from 'viem'
import type { serverlessSessionAbi } from '../../abi/serverlessSession.ts'
import { amount } from './amount.ts'
import type { LeaseErrorName } from './leaseSentences.ts'
import type { OfferBookErrorName } from './offerBookSentences.ts'
import type { OpenZeppelinErrorName } from './openZeppelinSentences.ts'
import type { RegistryErrorName } from './registrySentences.ts'
import type { RightsErrorName } from './rightsSentences.ts'
import type { Sentences } from './sentence.ts'
import type { TokenErrorName } from './tokenSentences.ts'

export type SessionErrorName = Exclude<
  ContractErrorName<typeof serverlessSessionAbi>,
  | TokenErrorName
  | RegistryErrorName
  | OfferBookErrorName
  | RightsErrorName
  | OpenZeppelinErrorName
  | LeaseErrorName
>

export const sessionSentences: Sentences<typeof serverlessSessionAbi, SessionErrorName> = {
  UnknownSession: ([sessionId]) => ({
    problem: `There is no session ${sessionId}, or the session key of that number is over.`,
    remedy: 'Take the id from the event that opened it (SessionOpened, or SessionGranted for a session key).',
  }),
  NotClosableBy: ([sessionId, caller]) => ({
    problem: `${caller} may not close session ${sessionId} before it expires.`,
    remedy: 'Close it from the account that opened it, from a holder of the act stop, or from its provider.',
  }),
  NotServerlessOffer: ([offerId]) => ({
    problem: `Offer ${offerId} is not sold by use.`,
    remedy: "Take an offer of kind 'serverless'.",
  }),
  BudgetTooSmall: ([budgetWei, minimumWei]) => ({
    problem: `A budget of ${amount(budgetWei)} is below the ${amount(minimumWei)} that the offer asks for.`,
    remedy: 'Open the session with more; what is not used comes back.',
  }),
  StaleVoucher: ([sessionId, rightId, last]) => ({
    problem: `The voucher of session ${sessionId} does not go beyond the last one of right ${rightId}: ${amount(last.cumulativeWei)}, sequence ${last.sequence}.`,
    remedy: 'Redeem a voucher that is higher in amount and sequence.',
  }),
  PriceExceeded: ([cumulativeWei, worthWei]) => ({
    problem: `The voucher asks for ${amount(cumulativeWei)}, and its units are worth ${amount(worthWei)} at the agreed price.`,
    remedy: 'Have a voucher signed with the units that were served.',
  }),
  InvalidVoucherSignature: ([signer]) => ({
    problem: `The voucher is not signed by ${signer}, as far as the chain can tell.`,
    remedy: 'Have it signed again; a smart account must be deployed and accept the signature by ERC-1271.',
  }),
}
