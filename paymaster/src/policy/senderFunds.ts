// What a sender can pay with right now, and whether its nonce is still to be had. Read live for each
// request: a client batches these calls into one HTTP request.
import { readWord } from '@worldland-aa/service/chain/readWord'
import { type Address, type PublicClient, toFunctionSelector } from 'viem'

const allowance = toFunctionSelector('allowance(address,address)')
const balanceOf = toFunctionSelector('balanceOf(address)')
const debtOf = toFunctionSelector('debtOf(address)')
const getNonce = toFunctionSelector('getNonce(address,uint192)')

/** Wei of the token. */
export type SenderFunds = {
  readonly allowanceWei: bigint
  readonly balanceWei: bigint
  /** Owed to the paymaster from earlier operations. */
  readonly debtWei: bigint
}

export async function readSenderFunds(
  client: PublicClient,
  contracts: { readonly token: Address; readonly paymaster: Address },
  sender: Address,
): Promise<SenderFunds> {
  const { token, paymaster } = contracts
  const [allowanceWei, balanceWei, debtWei] = await Promise.all([
    readWord(client, { to: token, selector: allowance, args: [sender, paymaster] }),
    readWord(client, { to: token, selector: balanceOf, args: [sender] }),
    readWord(client, { to: paymaster, selector: debtOf, args: [sender] }),
  ])
  return { allowanceWei, balanceWei, debtWei }
}

/** The nonce that the EntryPoint expects next in the lane (192-bit key) of `nonce`. */
export async function readNextNonce(
  client: PublicClient,
  entryPoint: Address,
  operation: { readonly sender: Address; readonly nonce: bigint },
): Promise<bigint> {
  const { sender, nonce } = operation
  return await readWord(client, { to: entryPoint, selector: getNonce, args: [sender, nonce >> 64n] })
}
