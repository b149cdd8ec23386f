// A call from an operator's ordinary account, waited for until it is mined.
import type { Account, Chain, Client, SendTransactionErrorType, TransactionReceipt, Transport } from 'viem'
import { sendTransaction } from 'viem/actions'
import { getAction } from 'viem/utils'
import type { Call } from '../../account/call.ts'
import { type TransactionRevertedError, waitForTransaction } from '../../account/waitForTransaction.ts'
import { type ComputeError, throwComputeError } from '../../errors/computeError.ts'

/** A wallet client that holds the operator's account. */
export type OperatorClient = Client<Transport, Chain | undefined, Account>
export type OperatorCallErrorType = ComputeError | SendTransactionErrorType | TransactionRevertedError

export async function sendCall(client: OperatorClient, call: Call): Promise<TransactionReceipt> {
  const { account, chain } = client
  try {
    const send = getAction(client, sendTransaction, 'sendTransaction')
    const hash = await send({ account, chain, ...call } as never)
    return await waitForTransaction(client as Client, { hash })
  } catch (error) {
    return await throwComputeError(error)
  }
}
