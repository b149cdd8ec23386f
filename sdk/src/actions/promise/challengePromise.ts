// Brings a broken promise to the court.
import { encodeFunctionData, type Hash, parseEventLogs, type SendTransactionErrorType } from 'viem'
import * as promiseCourt from '../../abi/promiseCourt.ts'
import type { TransactionRevertedError } from '../../account/waitForTransaction.ts'
import { ComputeError, throwComputeError } from '../../errors/computeError.ts'
import { type CourtClient, callCourt, wordsOf } from './courtCall.ts'
import type { WithRegistry } from './promiseFacts.ts'
import type { SignedPromise } from './signedPromise.ts'
import { type PromiseWorth, type VerifyPromiseErrorType, verifyPromise } from './verifyPromise.ts'

export type ChallengePromiseParameters = WithRegistry & { readonly promise: SignedPromise }
export type ChallengePromiseReturnType = {
  readonly transactionHash: Hash
  /** What went along: it comes back unless the operation turns out to be impossible to land. Wei of the native coin. */
  readonly depositWei: bigint
  /** The last block in which the bundler can answer; `concludePromise` ends it afterwards. */
  readonly answerBlock: bigint
}
export type ChallengePromiseErrorType =
  | ComputeError
  | VerifyPromiseErrorType
  | SendTransactionErrorType
  | TransactionRevertedError

/**
 * Challenges a promise whose block has passed without its operation, from any account that holds the deposit, and waits
 * until that is mined. The bundler then lands it, or shows that it cannot land, or is fined by `concludePromise`.
 *
 * @example
 * import { challengePromise } from '@worldland-aa/sdk/actions/promise/challengePromise'
 *
 * const { answerBlock } = await challengePromise(walletClient, { contracts, promise })
 */
export async function challengePromise(
  client: CourtClient,
  parameters: ChallengePromiseParameters,
): Promise<ChallengePromiseReturnType> {
  const { contracts, promise } = parameters
  try {
    const worth = await verifyPromise(client, { contracts, promise })
    if (!worth.ok)
      throw new ComputeError({ problem: `${worth.problem}.`, remedy: 'There is nothing to challenge.' })
    throwUnlessBroken(promise, worth)
    const { challengeDepositWei: depositWei } = worth
    const receipt = await callCourt(client, {
      court: promise.court,
      data: encodeFunctionData({
        abi: [promiseCourt.challenge],
        functionName: 'challenge',
        args: [wordsOf(promise), promise.signature],
      }),
      value: depositWei,
    })
    const [challenged] = parseEventLogs({ abi: [promiseCourt.PromiseChallenged], logs: receipt.logs })
    const answerBlock = challenged?.args.answerBlock ?? receipt.blockNumber
    return { transactionHash: receipt.transactionHash, depositWei, answerBlock }
  } catch (error) {
    return await throwComputeError(error)
  }
}

function throwUnlessBroken({ latestBlock }: SignedPromise, worth: PromiseWorth): void {
  if (worth.isSettled)
    throw new ComputeError({
      problem: "The operation's nonce is used: it has landed, or another has in its place.",
      remedy: 'There is nothing to challenge.',
    })
  if (worth.blockNumber < latestBlock)
    throw new ComputeError({
      problem: `The promise is for block ${latestBlock}, and the chain is at ${worth.blockNumber}.`,
      remedy: 'Challenge it afterwards, if the operation has not landed by then.',
    })
}
