// The EntryPoint refuses a nonce that is ahead of the chain's (AA25), and getNonce, which tells the next one, tells the
// one that waits here: whoever followed it would be sent back and forth between two refusals.
import type { Refusal } from '@worldland-aa/service/result'
import type { Mempool } from '../mempool/mempool.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'

/** The refusal, and where another operation is in the way of this one, which, and what to do. */
export function behindAnother(
  refusal: Refusal,
  { sender, nonce }: UserOperation,
  mempool: Pick<Mempool, 'lastOfLane'>,
): Refusal {
  const data = refusal.data as { readonly reason?: string } | undefined
  if (data?.reason?.startsWith('AA25') !== true) return refusal
  const last = mempool.lastOfLane(sender, nonce)
  if (last === undefined || last.validated.userOperation.nonce >= nonce) return refusal
  const { userOperationHash, userOperation } = last.validated
  return {
    ...refusal,
    message: `${data.reason}: operation ${userOperationHash} with nonce ${userOperation.nonce} waits to land before this one`,
    data: {
      ...data,
      waitingOperation: userOperationHash,
      hint: 'operations of one nonce key are taken one at a time: send this one when that has landed (eth_getUserOperationReceipt tells), or give it a nonce key of its own',
    },
  }
}
