// Sends calls from whatever account the client has: a smart account sends them as one user operation,
// an ordinary key as one transaction each, in order.
import type { Account, Chain, Client, Hash, Hex, SendTransactionErrorType, Transport } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { estimateGas, sendTransaction } from 'viem/actions'
import { getAction } from 'viem/utils'
import type { WithContracts } from '../chains/computeContracts.ts'
import type { SmartAccountClient } from '../clients/chainClientOf.ts'
import { throwComputeError } from '../errors/computeError.ts'
import type { Call } from './call.ts'
import { type BatchErrorType, sendBatch } from './sendBatch.ts'
import { waitForTransaction } from './waitForTransaction.ts'

export type AccountClient = Client<Transport, Chain | undefined, Account | SmartAccount | undefined>

/** What was sent: one user operation, or transactions in the order of the calls. */
export type SendCallsReturnType =
  | { readonly kind: 'userOperation'; readonly userOperationHash: Hex }
  | { readonly kind: 'transactions'; readonly transactionHashes: readonly Hash[] }
export type SendCallsErrorType = BatchErrorType | SendTransactionErrorType

/**
 * Of what a call takes when it is estimated: by the time it lands, storage may be another, such as a meter that has begun since
 * its lease was made ready, and a call that runs out of gas is paid for and does nothing.
 */
const gasPercent = 125n

/** Does not wait for the user operation, nor for the last transaction, to be mined. */
export async function sendCalls(
  client: AccountClient,
  parameters: WithContracts & { readonly calls: readonly Call[] },
): Promise<SendCallsReturnType> {
  const { account } = client
  if (parameters.calls.length === 0) return { kind: 'transactions', transactionHashes: [] }
  if (account === undefined) {
    throw new Error('The client has no account to send from: create it with `account`')
  }
  if (account.type === 'smart') {
    const userOperationHash = await sendBatch(client as SmartAccountClient, parameters)
    return { kind: 'userOperation', userOperationHash }
  }
  return await sendTransactions(client, parameters.calls).catch(throwComputeError)
}

async function sendTransactions(client: AccountClient, calls: readonly Call[]): Promise<SendCallsReturnType> {
  const transactionHashes: Hash[] = []
  const sendOne = getAction(client, sendTransaction, 'sendTransaction')
  for (const call of calls) {
    // The gas of a call can only be estimated on top of the calls before it.
    const previous = transactionHashes.at(-1)
    if (previous !== undefined) await waitForTransaction(client as Client, { hash: previous })
    const account = client.account as Account
    // A wallet behind the client reckons with more by itself.
    const gas = account.type === 'local' ? await gasOf(client, { ...call, account }) : undefined
    transactionHashes.push(await sendOne({ ...call, account, chain: client.chain, gas }))
  }
  return { kind: 'transactions', transactionHashes }
}

async function gasOf(client: AccountClient, call: Call & { readonly account: Account }): Promise<bigint> {
  const estimate = getAction(client as Client, estimateGas, 'estimateGas')
  return ((await estimate(call)) * gasPercent) / 100n
}
