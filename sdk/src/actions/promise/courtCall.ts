// A call of the court from an ordinary account, waited for until it is mined.
import type { Account, Chain, Client, Hex, TransactionReceipt, Transport } from 'viem'
import { sendTransaction } from 'viem/actions'
import { getAction } from 'viem/utils'
import { waitForTransaction } from '../../account/waitForTransaction.ts'
import type { InclusionPromise } from '../../protocol/bundling.ts'
import type { SignedPromise } from './signedPromise.ts'

export type CourtClient = Client<Transport, Chain | undefined, Account>

export async function callCourt(
  client: CourtClient,
  { court, data, value }: Pick<SignedPromise, 'court'> & { readonly data: Hex; readonly value?: bigint },
): Promise<TransactionReceipt> {
  const { account, chain } = client
  const send = getAction(client, sendTransaction, 'sendTransaction')
  const hash = await send({ account, chain, to: court, data, ...(value !== undefined && { value }) } as never)
  return await waitForTransaction(client as Client, { hash })
}

/** The words that were signed, and nothing beside them. */
export function wordsOf(promise: SignedPromise): InclusionPromise {
  const { bundlerId, userOpHash, sender, nonce, latestBlock, maxBaseFeePerGas } = promise
  return { bundlerId, userOpHash, sender, nonce, latestBlock, maxBaseFeePerGas }
}
