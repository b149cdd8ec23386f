// Another bundler's promise, judged before it is passed on: is it signed by one who has staked, may that one promise now,
// and does it say of the operation what is true?
import { isAddressEqual } from 'viem'
import type { ValidatedOperation } from '../../validation/validatedOperation.ts'
import type { SignedInclusionPromise, Verdict } from '../gossip/messages.ts'
import type { Schedule } from '../schedule/schedule.ts'
import type { PromiseNetwork } from './promiseNetwork.ts'
import { signerOfPromise } from './signPromise.ts'

/** Heads of two nodes may be so many blocks apart, and a message may take as long. */
const slackBlocks = 3n
/** Nobody needs so long: a promise further off is none. */
const farthestBlocks = 1_000n

export type Judgement = {
  readonly network: PromiseNetwork
  readonly chainId: number
  readonly head: bigint
  /** Undefined where it has not come in. */
  readonly operation: ValidatedOperation | undefined
}

/** `reject` is for what no honest node sends; what only comes at the wrong time is ignored. */
export function judgePromise(signed: SignedInclusionPromise, judgement: Judgement): Verdict {
  const { network, chainId, head, operation } = judgement
  const { bundlerId, latestBlock } = signed.promise
  const schedule = network.schedule()
  const terms = network.terms()
  if (schedule === undefined || terms === undefined || bundlerId === network.ownId()) return 'ignore'
  if (latestBlock > head + farthestBlocks) return 'reject'
  if (latestBlock <= head - slackBlocks || !mayPromise(bundlerId, schedule, head)) return 'ignore'
  if (operation !== undefined && !fits(signed, operation)) return 'reject'
  const nodeKey = network.nodeKeyOf(bundlerId)
  if (nodeKey === undefined) return 'ignore'
  const signer = signerOfPromise(signed, { chainId, court: terms.court })
  return signer !== undefined && isAddressEqual(signer, nodeKey) ? 'accept' : 'reject'
}

/** Whether it leads a window that the next block, as another node may see it, lies in or before. */
function mayPromise(
  bundlerId: number,
  schedule: Pick<Schedule, 'leaderAt' | 'windowOf'>,
  head: bigint,
): boolean {
  const end = schedule.windowOf(schedule.windowOf(head + 1n + slackBlocks).last + 1n).last
  let block = head + 1n > slackBlocks ? head + 1n - slackBlocks : 0n
  for (; block <= end; block = schedule.windowOf(block).last + 1n) {
    if (schedule.leaderAt(block, 0) === bundlerId) return true
  }
  return false
}

function fits({ promise }: SignedInclusionPromise, { userOperation }: ValidatedOperation): boolean {
  return (
    isAddressEqual(promise.sender, userOperation.sender) &&
    promise.nonce === userOperation.nonce &&
    promise.maxBaseFeePerGas <= userOperation.maxFeePerGas
  )
}
