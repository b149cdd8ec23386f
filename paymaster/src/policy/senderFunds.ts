// What a sender can pay with right now, and whether its nonce is still to be had. Read live for each
// request: a client batches these calls into one HTTP request.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import type { Address, PublicClient } from 'viem'

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
  const token = { address: contracts.token, abi: computeTokenAbi } as const
  const [allowanceWei, balanceWei, debtWei] = await Promise.all([
    client.readContract({ ...token, functionName: 'allowance', args: [sender, contracts.paymaster] }),
    client.readContract({ ...token, functionName: 'balanceOf', args: [sender] }),
    client.readContract({
      address: contracts.paymaster,
      abi: computePaymasterAbi,
      functionName: 'debtOf',
      args: [sender],
    }),
  ])
  return { allowanceWei, balanceWei, debtWei }
}

/** The nonce that the EntryPoint expects next in the lane (192-bit key) of `nonce`. */
export async function readNextNonce(
  client: PublicClient,
  entryPoint: Address,
  operation: { readonly sender: Address; readonly nonce: bigint },
): Promise<bigint> {
  return await client.readContract({
    address: entryPoint,
    abi: entryPoint07Abi,
    functionName: 'getNonce',
    args: [operation.sender, operation.nonce >> 64n],
  })
}
