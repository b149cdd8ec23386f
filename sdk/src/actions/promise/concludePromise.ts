// Ends a challenge: what has the bundler lost?
import { encodeFunctionData, type Hash, parseEventLogs, type SendTransactionErrorType } from 'viem'
import * as promiseCourt from '../../abi/promiseCourt.ts'
import type { TransactionRevertedError } from '../../account/waitForTransaction.ts'
import { type ComputeError, throwComputeError } from '../../errors/computeError.ts'
import { type CourtClient, callCourt, wordsOf } from './courtCall.ts'
import type { SignedPromise } from './signedPromise.ts'

export type ConcludePromiseParameters = { readonly promise: SignedPromise }
export type ConcludePromiseReturnType = {
  readonly transactionHash: Hash
  /** What the bundler lost, half of it the challenger's; 0: the nonce was used, so it owes nothing. Native wei. */
  readonly fineWei: bigint
}
export type ConcludePromiseErrorType = ComputeError | SendTransactionErrorType | TransactionRevertedError

/**
 * Concludes a challenge once the bundler's time to answer is over, or the operation's nonce used, and waits until that is
 * mined. Anybody may; deposit and reward are the challenger's to withdraw.
 *
 * @example
 * import { concludePromise } from '@worldland-aa/sdk/actions/promise/concludePromise'
 *
 * const { fineWei } = await concludePromise(walletClient, { promise })
 */
export async function concludePromise(
  client: CourtClient,
  { promise }: ConcludePromiseParameters,
): Promise<ConcludePromiseReturnType> {
  try {
    const receipt = await callCourt(client, {
      court: promise.court,
      data: encodeFunctionData({
        abi: [promiseCourt.conclude],
        functionName: 'conclude',
        args: [wordsOf(promise)],
      }),
    })
    const [fined] = parseEventLogs({ abi: [promiseCourt.PromiseFined], logs: receipt.logs })
    return { transactionHash: receipt.transactionHash, fineWei: fined?.args.fineWei ?? 0n }
  } catch (error) {
    return await throwComputeError(error)
  }
}
