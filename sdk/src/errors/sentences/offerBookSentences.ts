// OfferBook's errors in words.
import type { ContractErrorName } from 'viem'
import type { offerBookAbi } from '../../abi/offerBook.ts'
import type { Sentences } from './sentence.ts'

export type OfferBookErrorName = ContractErrorName<typeof offerBookAbi>

export const offerBookSentences: Sentences<typeof offerBookAbi, OfferBookErrorName> = {
  UnknownOffer: ([offerId]) => ({
    problem: `There is no offer ${offerId}.`,
    remedy: 'Take an id that findOffers returns.',
  }),
  ProviderNotRegistered: ([caller]) => ({
    problem: `${caller} is not registered as a provider, so it cannot offer anything.`,
    remedy: 'Call registerProvider first.',
  }),
  NotOfferProvider: ([offerId, caller]) => ({
    problem: `Offer ${offerId} does not belong to ${caller}.`,
    remedy: 'Only the provider that posted an offer can change it.',
  }),
  NotOfferMarket: ([offerId, caller]) => ({
    problem: `Offer ${offerId} is not sold by ${caller}.`,
    remedy: 'Rent it through the market its terms name.',
  }),
  InvalidTerm: ([term]) => ({
    problem: `The offer's term "${term}" is missing or out of its limits.`,
    remedy: `Give a valid "${term}".`,
  }),
  FixedTerm: ([term]) => ({
    problem: `The offer's term "${term}" cannot change after posting.`,
    remedy: 'Post a new offer with the new terms and pause this one.',
  }),
  OfferIsPaused: ([offerId]) => ({
    problem: `Offer ${offerId} is paused.`,
    remedy: 'Take another offer, or wait until its provider resumes it.',
  }),
  NoUnitsRequested: () => ({
    problem: 'No units are asked for.',
    remedy: 'Ask for at least one unit.',
  }),
  NotEnoughFreeUnits: ([offerId, requestedUnits, freeUnits]) => ({
    problem: `Offer ${offerId} has ${freeUnits} units free, and ${requestedUnits} are asked for.`,
    remedy: 'Ask for fewer units or take another offer.',
  }),
  ReleaseExceedsReserved: ([offerId, units, reservedUnits]) => ({
    problem: `Of offer ${offerId}, ${reservedUnits} units are reserved; ${units} cannot be released.`,
    remedy: 'A market can release only what it has reserved.',
  }),
}
