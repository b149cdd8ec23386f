// PromiseCourt's errors in words.
import type { ContractErrorName } from 'viem'
import type { bundlerRegistryAbi } from '../../abi/bundlerRegistry.ts'
import type { promiseCourtAbi } from '../../abi/promiseCourt.ts'
import { amount } from './amount.ts'
import type { OpenZeppelinErrorName } from './openZeppelinSentences.ts'
import type { Sentences } from './sentence.ts'

export type PromiseCourtErrorName = Exclude<
  ContractErrorName<typeof promiseCourtAbi>,
  ContractErrorName<typeof bundlerRegistryAbi> | OpenZeppelinErrorName
>

/** As in the contract: `IPromiseCourt.State`. */
const stateNames = ['open', 'challenged', 'excused', 'void', 'fined']

export const promiseCourtSentences: Sentences<typeof promiseCourtAbi, PromiseCourtErrorName> = {
  WrongSigner: ([signer, nodeKey]) => ({
    problem: `It is signed by ${signer}; the bundler's node has the key ${nodeKey}.`,
    remedy: 'Give every field and the signature as the bundler sent them, to the court it names.',
  }),
  WrongDeposit: ([depositWei, challengeDepositWei]) => ({
    problem: `A challenge takes ${amount(challengeDepositWei)} with it, not ${amount(depositWei)}.`,
    remedy: 'Send exactly challengeDepositWei.',
  }),
  NotChallengeable: ([fromBlock, untilBlock]) => ({
    problem: `The promise can be challenged from block ${fromBlock} to block ${untilBlock}.`,
    remedy: 'Challenge it then; before, the bundler may still keep it.',
  }),
  NonceUsed: ([sender, nonce]) => ({
    problem: `Nonce ${nonce} of ${sender} is used: the promise was kept, or binds nobody any more.`,
    remedy: 'Nothing is left to do.',
  }),
  BaseFeeTooHigh: ([baseFeePerGas, maxBaseFeePerGas]) => ({
    problem: `The base fee is ${baseFeePerGas} wei, above the ${maxBaseFeePerGas} up to which the promise binds.`,
    remedy: 'Wait for the base fee to fall.',
  }),
  BaseFeeLowEnough: ([baseFeePerGas, maxBaseFeePerGas]) => ({
    problem: `The base fee is ${baseFeePerGas} wei: the promise binds up to ${maxBaseFeePerGas}.`,
    remedy: 'Land the operation.',
  }),
  AlreadyChallenged: () => ({
    problem: 'The promise is challenged already.',
    remedy: 'Conclude it once the bundler has had its time to answer.',
  }),
  AlreadyJudged: ([, state]) => ({
    problem: `The promise is ${stateNames[state] ?? 'judged'}, for good.`,
    remedy: 'Nothing is left to do.',
  }),
  AlreadyFined: ([bundlerId]) => ({
    problem: `Bundler ${bundlerId} was fined for this operation already.`,
    remedy: 'Nothing is left to do: a bundler is fined once for each operation.',
  }),
  NotChallenged: () => ({
    problem: 'Nobody has challenged the promise, or it is concluded.',
    remedy: 'Read caseOf; challenge it first if it was broken.',
  }),
  AnswerPending: ([answerBlock]) => ({
    problem: `The bundler may answer until the end of block ${answerBlock}.`,
    remedy: 'Conclude after that block.',
  }),
  TooLate: ([latestBlock]) => ({
    problem: `This had to happen by block ${latestBlock}, the latest of the promise.`,
    remedy: 'Land the operation; if the promise is challenged, answer by attempt.',
  }),
  WrongOperation: ([userOpHash]) => ({
    problem: `The operation ${userOpHash} is not the one that was promised.`,
    remedy: 'Give the operation whose hash, sender and nonce the promise names.',
  }),
  NotDirect: ([caller]) => ({
    problem: `${caller} called through a contract.`,
    remedy: 'Send the attempt from an account of a key, straight to the court.',
  }),
  NotEnoughGas: ([gas, neededGas]) => ({
    problem: `${gas} gas were left for the attempt; it proves something with ${neededGas} only.`,
    remedy: 'Send it with attemptGasOf and 100,000 gas more.',
  }),
  NoExcuse: () => ({
    problem:
      'The attempt failed by the way it was made, or since the operation expired after its latest block.',
    remedy: 'Read what the EntryPoint said; give another beneficiary or more gas, if that is it.',
  }),
  NoEquivocation: () => ({
    problem: 'The two commits are the same, or of different bundlers, windows or sequences.',
    remedy: 'Give two different commits of one bundler to one place.',
  }),
  AlreadyReported: ([bundlerId, window, sequence]) => ({
    problem: `Bundler ${bundlerId} was fined for sequence ${sequence} of window ${window} already.`,
    remedy: 'Nothing is left to do.',
  }),
  NothingCredited: ([account]) => ({
    problem: `Nothing is credited to ${account}.`,
    remedy: 'Deposits come back when a challenge is concluded.',
  }),
  ReportNotCommitted: () => ({
    problem: 'The report was not committed to by this account, with this salt.',
    remedy: 'Call commitReport first, with the hash of report, salt and reporter.',
  }),
  ReportTooFresh: ([revealBlock]) => ({
    problem: `The report can be made from block ${revealBlock} on.`,
    remedy: 'Make it then.',
  }),
}
