// ComputeAccount's errors in words: its owner's, its session keys' and its guardians'.
import type { ContractErrorName } from 'viem'
import type { computeAccountAbi } from '../../abi/computeAccount.ts'
import type { computeAccountFactoryAbi } from '../../abi/computeAccountFactory.ts'
import type { simpleAccountAbi } from '../../abi/simpleAccount.ts'
import { amount } from './amount.ts'
import type { OpenZeppelinErrorName } from './openZeppelinSentences.ts'
import type { PaymasterErrorName } from './paymasterSentences.ts'
import type { Sentences } from './sentence.ts'
import type { SessionErrorName } from './sessionSentences.ts'

type ComputeAccountErrorName = Exclude<
  ContractErrorName<typeof computeAccountAbi>,
  ContractErrorName<typeof simpleAccountAbi> | OpenZeppelinErrorName | PaymasterErrorName | SessionErrorName
>
type FactoryErrorName = Exclude<
  ContractErrorName<typeof computeAccountFactoryAbi>,
  ContractErrorName<typeof computeAccountAbi>
>

const accountSentences: Sentences<typeof computeAccountAbi, ComputeAccountErrorName> = {
  NotOwner: ([caller]) => ({
    problem: `${caller} is not the account's owner.`,
    remedy: 'Send this as a user operation that the owner signs.',
  }),
  AlreadyInitialized: () => ({
    problem: 'The account has its owner already.',
    remedy: 'Use the account as it is.',
  }),
  InvalidOwner: ([owner]) => ({
    problem: `${owner} cannot own an account.`,
    remedy: 'Give an address other than zero, or the 64 bytes (x, y) of a P-256 public key.',
  }),
  FailedCall: () => ({
    problem: 'One of the calls failed without giving a reason.',
    remedy: 'Simulate the calls one by one to find which.',
  }),
  InvalidSessionKey: ([key]) => ({
    problem: `${key} cannot be a session key.`,
    remedy: 'Give the address of a secp256k1 key.',
  }),
  InvalidValidity: ([validAfter, validUntil]) => ({
    problem: `A session key cannot be valid from ${validAfter} to ${validUntil}.`,
    remedy: 'It must end in the future, and after it begins.',
  }),
  InvalidTarget: ([target]) => ({
    problem: `A session key cannot be let call ${target}.`,
    remedy: 'Name each contract once, and neither the account itself nor the EntryPoint.',
  }),
  InvalidSelectorCount: ([target, count]) => ({
    problem: `${count} functions of ${target} are listed.`,
    remedy: 'List 1 to 8 functions of a contract.',
  }),
  InvalidSelector: ([target, selector]) => ({
    problem: `No budget could bound the function ${selector} of ${target}.`,
    remedy: 'Of the compute token only transfer, transferFrom and approve can be had.',
  }),
  InvalidSessionCall: ([selector]) => ({
    problem: `A session key's operation cannot begin with ${selector}.`,
    remedy: 'Build it by toSessionKeyAccount.',
  }),
  CallNotAllowed: ([target, selector]) => ({
    problem: `The session key may not call ${selector} of ${target}.`,
    remedy: 'Ask the owner for a session that lists it (grantSessionKey).',
  }),
  CoinNotAllowed: ([target, valueWei]) => ({
    problem: `A session key cannot send ${amount(valueWei)} of native coin to ${target}.`,
    remedy: 'Pay in the compute token.',
  }),
  SpenderNotAllowed: ([spender]) => ({
    problem: `The session key may not let ${spender} pull tokens.`,
    remedy: 'Only contracts that the session lists can be approved.',
  }),
  PaymasterNotAllowed: ([paymaster]) => ({
    problem: `The paymaster ${paymaster} may not pay for this session key's operations.`,
    remedy: 'Use the one that the session names, or let the account pay itself.',
  }),
  TokenBudgetExceeded: ([sessionId, requiredWei, leftWei]) => ({
    problem: `${amount(requiredWei)} would leave the account, and session key ${sessionId} has ${amount(leftWei)} left to spend.`,
    remedy: 'Spend less, or ask the owner for another session.',
  }),
  GasBudgetExceeded: ([sessionId, requiredWei, leftWei]) => ({
    problem: `The gas may cost ${amount(requiredWei)}, and session key ${sessionId} has ${amount(leftWei)} left for gas.`,
    remedy: 'Lower the gas limits, or ask the owner for another session.',
  }),
  AllowanceLeft: ([spender, allowanceWei, beforeWei]) => ({
    problem: `${spender} could still pull ${amount(allowanceWei)} afterwards, more than the ${amount(beforeWei)} before.`,
    remedy: 'Approve exactly what the other calls of the batch pull.',
  }),
  NotGuardian: ([caller]) => ({
    problem: `${caller} is not a guardian of the account.`,
    remedy: 'Send this from a guardian.',
  }),
  InvalidThreshold: ([threshold, guardianCount]) => ({
    problem: `${threshold} of ${guardianCount} guardians cannot be the threshold.`,
    remedy: 'Take 1 to the number of guardians, who are 16 at most; or no guardians and 0.',
  }),
  InvalidRecoveryDelay: ([delayBlocks, minimum, maximum]) => ({
    problem: `A recovery cannot take ${delayBlocks} blocks.`,
    remedy: `Choose ${minimum} to ${maximum} blocks.`,
  }),
  InvalidGuardian: ([guardian]) => ({
    problem: `${guardian} is named twice or out of order, or cannot be a guardian.`,
    remedy: 'Name each guardian once, ascending, and not the account itself.',
  }),
  AlreadySupported: ([guardian]) => ({
    problem: `${guardian} supports this recovery already.`,
    remedy: 'Wait for the other guardians.',
  }),
  NoRecoveryScheduled: () => ({
    problem: 'No recovery is scheduled.',
    remedy: 'Enough guardians have to support the same new owner first.',
  }),
  RecoveryDelayNotOver: ([executableBlock]) => ({
    problem: `The recovery can be executed from block ${executableBlock} on.`,
    remedy: 'Try again then.',
  }),
}

const factorySentences: Sentences<typeof computeAccountFactoryAbi, FactoryErrorName> = {
  InvalidImplementation: ([implementation]) => ({
    problem: `${implementation} cannot stand behind accounts.`,
    remedy: 'Deploy the factory with a UUPS implementation.',
  }),
}

export const computeAccountSentences = { ...accountSentences, ...factorySentences }
