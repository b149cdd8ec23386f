// ProviderRegistry's errors in words.
import type { ContractErrorName } from 'viem'
import type { providerRegistryAbi } from '../../abi/providerRegistry.ts'
import { amount } from './amount.ts'
import type { OpenZeppelinErrorName } from './openZeppelinSentences.ts'
import type { Sentences } from './sentence.ts'
import type { TokenErrorName } from './tokenSentences.ts'

export type RegistryErrorName = Exclude<
  ContractErrorName<typeof providerRegistryAbi>,
  TokenErrorName | OpenZeppelinErrorName
>

export const registrySentences: Sentences<typeof providerRegistryAbi, RegistryErrorName> = {
  AlreadyRegistered: ([provider]) => ({
    problem: `${provider} is registered as a provider already.`,
    remedy: 'Change its payout or metadata by setPayout and setMetadataURI.',
  }),
  NotRegistered: ([provider]) => ({
    problem: `${provider} is not registered as a provider.`,
    remedy: 'Call registerProvider first.',
  }),
  InvalidPayout: ([payout]) => ({
    problem: `Earnings cannot be paid to ${payout}.`,
    remedy: 'Give a payout address that is neither zero nor the token itself.',
  }),
  MetadataTooLong: ([length, maximum]) => ({
    problem: `The metadata URI is ${length} bytes long; ${maximum} are allowed.`,
    remedy: 'Put the description behind a shorter URI.',
  }),
  InvalidMarket: ([market]) => ({
    problem: `${market} cannot be a market.`,
    remedy: 'Allow the address of a market contract, such as InstanceLease.',
  }),
  ZeroAmount: () => ({ problem: 'The amount is zero.', remedy: 'Give an amount above zero.' }),
  MarketNotAllowed: ([provider, market]) => ({
    problem: `The provider ${provider} does not let the market ${market} lock its bond.`,
    remedy: 'The provider has to allow the market by setMarket; a renter takes another offer.',
  }),
  InsufficientBond: ([provider, requestedWei, availableWei]) => ({
    problem: `${amount(requestedWei)} of the bond of ${provider} is asked for, and ${amount(availableWei)} is free.`,
    remedy: 'The provider has to stake more, or wait until running leases release their part.',
  }),
  InsufficientLock: ([provider, market, requestedWei, lockedWei]) => ({
    problem: `The market ${market} has locked ${amount(lockedWei)} of the bond of ${provider}, not ${amount(requestedWei)}.`,
    remedy: 'A market can release or slash only what it has locked itself.',
  }),
  NothingToWithdraw: ([provider]) => ({
    problem: `${provider} has nothing waiting to be withdrawn.`,
    remedy: 'A provider calls requestUnstake first; a creator divides the royalties of its models first.',
  }),
  UnstakeDelayNotOver: ([withdrawableBlock]) => ({
    problem: `The unstaked bond can be withdrawn from block ${withdrawableBlock} on.`,
    remedy: 'Withdraw in that block or later.',
  }),
  BondStillLocked: ([lockedWei]) => ({
    problem: `${amount(lockedWei)} of the bond is still locked by running leases.`,
    remedy: 'Withdraw once they have ended.',
  }),
  FaultAlreadySlashed: ([market, faultId]) => ({
    problem: `The fault ${faultId} was slashed by ${market} already.`,
    remedy: 'Nothing is left to do: a fault is slashed once.',
  }),
}
