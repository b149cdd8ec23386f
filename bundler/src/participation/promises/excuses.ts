// A promise whose block has passed: is it owed still? Where the EntryPoint refuses its operation, its user took that away;
// where the court was told in time why it could not land, it has excused it. No court fines for either.
import type { Logger } from '@worldland-aa/service/logger'
import type { Hash } from 'viem'
import type { Simulation } from '../../bundling/handleOps.ts'
import type { Mempool } from '../../mempool/mempool.ts'
import type { ValidatedOperation } from '../../validation/validatedOperation.ts'
import type { CourtWord } from './court/courtWord.ts'
import type { Following } from './following.ts'
import type { KnownPromise } from './promiseStore.ts'

/** What the EntryPoint says of the operation alone, on the state after the head. */
export type Simulate = (validated: ValidatedOperation) => Promise<Simulation>

export type Excuses = {
  /** Of these, which are void as of this head; where the node does not answer, none. */
  lookInto(broken: readonly KnownPromise[], headHash: Hash): Promise<readonly KnownPromise[]>
}

/** Simulated after one block; the others stay broken until a court asks. */
const mostAtOnce = 20

export function createExcuses(options: {
  mempool: Pick<Mempool, 'find'>
  simulate: Simulate
  word: CourtWord
  following: Pick<Following, 'excuse'>
  logger: Logger
}): Excuses {
  const { mempool, simulate, word, following, logger } = options

  async function isSpoilt({ promise }: KnownPromise): Promise<boolean> {
    const known = await mempool.find(promise.userOpHash)
    if (known === undefined) return false
    return (await simulate(known.validated)).kind === 'failed'
  }

  return {
    async lookInto(broken, headHash) {
      const excused: KnownPromise[] = []
      for (const one of broken.slice(0, mostAtOnce)) {
        try {
          if ((await isSpoilt(one)) || (await word.on(one, headHash)) === 'excused')
            excused.push(await following.excuse(one))
        } catch (error) {
          logger.warn({ error, ...one.promise }, 'the node does not tell whether a late operation can land')
          break
        }
      }
      return excused
    },
  }
}
