// In which order others hear of an operation: whoever promises it first, and the rest when that is done or has taken too
// long. Each of them validates it: until the leader's word is on its way, that would only keep the leader waiting.
import type { Hash } from 'viem'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import type { Gossip } from './gossip/gossip.ts'
import type { SignedInclusionPromise } from './gossip/messages.ts'
import type { PeerIntake } from './peerIntake.ts'
import type { Promises } from './promises/promises.ts'
import type { Schedule } from './schedule/schedule.ts'

export type Telling = {
  /** On admission, on its way to the disk. */
  admitted(validated: ValidatedOperation): void
  /** A block has come: somebody else may lead. */
  onBlock(): void
  /** A promise of this node is on the disk. */
  promised(promise: SignedInclusionPromise): void
}

/** For so long the others wait for the leader at most. */
const defaultPatienceMilliseconds = 250
/** Whoever asked for a promise has it by then, and the others have its operation. */
const followingMilliseconds = 100

export function createTelling(options: {
  readonly schedule: Pick<Schedule, 'leaderAt' | 'windowOf'>
  readonly ownId: () => number
  readonly head: () => bigint
  readonly intake: Pick<PeerIntake, 'isBringing'>
  readonly promises: () => Pick<Promises, 'offer' | 'own'> | undefined
  readonly network:
    | Pick<Gossip, 'publishOperation' | 'publishPromise' | 'askPromise' | 'prepareToAsk' | 'isAsked'>
    | undefined
  readonly patienceMilliseconds?: number
}): Telling {
  const { schedule, network, patienceMilliseconds = defaultPatienceMilliseconds } = options
  /** That the others have not heard of. */
  const untold = new Set<Hash>()

  /** Those that may promise it now, the one that is due first before the other. */
  function leaders(): readonly number[] {
    const next = options.head() + 1n
    const after = schedule.windowOf(next).last + 1n
    const own = options.ownId()
    return [schedule.leaderAt(next, 0), schedule.leaderAt(after, 0)].filter(id => id !== 0 && id !== own)
  }

  async function promisedBySomebody(validated: ValidatedOperation): Promise<void> {
    const own = await options.promises()?.own(validated.userOperationHash)
    if (own === undefined) await network?.askPromise(validated, leaders())
  }

  async function tell(validated: ValidatedOperation): Promise<void> {
    const hash = validated.userOperationHash
    untold.add(hash)
    let timer: NodeJS.Timeout | undefined
    const impatience = new Promise<void>(resolve => {
      timer = setTimeout(resolve, patienceMilliseconds)
    })
    await Promise.race([promisedBySomebody(validated).catch(() => undefined), impatience])
    clearTimeout(timer)
    untold.delete(hash)
    network?.publishOperation(validated)
  }

  return {
    admitted(validated) {
      options.promises()?.offer(validated)
      // What a peer brought goes on by itself.
      if (network !== undefined && !options.intake.isBringing(validated.userOperationHash))
        void tell(validated)
    },
    onBlock: () => network?.prepareToAsk(leaders()),
    promised(promise) {
      const { userOpHash } = promise.promise
      const isAwaited = !untold.has(userOpHash) && network?.isAsked(userOpHash) !== true
      if (isAwaited) network?.publishPromise(promise)
      else setTimeout(() => network?.publishPromise(promise), followingMilliseconds).unref()
    },
  }
}
