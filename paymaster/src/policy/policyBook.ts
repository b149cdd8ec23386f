// The policies in force. They change as a whole or not at all: a file with a mistake leaves the old ones standing.
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import type { Logger } from '@worldland-aa/service/logger'
import { accept, type Result } from '@worldland-aa/service/result'
import type { Hex } from 'viem'
import { loadPolicies } from './loadPolicies.ts'
import type { Policy } from './sponsorshipPolicy.ts'

export type PolicyBook = {
  inForce(): readonly Policy[]
  /** Reads the file anew; refused, with what is wrong in it, when it has a mistake. */
  reload(): Result<readonly Policy[]>
  /** Which are in force since when, and why a newer file is not. */
  describe(): string
  /** The id that an operator wrote for what the contract carries; of this process' policies, also earlier ones. */
  idOf(onChainId: Hex): string | undefined
}

/** Throws when the file has a mistake: a start has no older policies to stand on. */
export function createPolicyBook(options: {
  /** Without a file nothing is sponsored. */
  readonly file: string | undefined
  /** Seconds since the Unix epoch. */
  readonly now: () => number
  readonly logger: Logger
}): PolicyBook {
  const { file, now, logger } = options
  const ids = new Map<Hex, string>()
  let refusal: string | undefined
  const first = read()
  if (!first.ok) throw new ExitError(exitCodes.configuration, first.refusal.message)
  let inForce = first.value
  let readAt = now()
  note(inForce)
  // A restart in the night must not end for a campaign that ended in the evening: what is over sponsors nothing.
  for (const { id, endsAt } of inForce) {
    if (endsAt !== undefined && endsAt <= now())
      logger.warn({ policy: id }, 'a policy has ended: take it out')
  }

  function read(): Result<readonly Policy[]> {
    return file === undefined ? accept([]) : loadPolicies(file)
  }

  function note(policies: readonly Policy[]): void {
    for (const policy of policies) ids.set(policy.onChainId, policy.id)
  }

  return {
    inForce: () => inForce,
    reload() {
      const loaded = file === undefined ? read() : loadPolicies(file, { endedBefore: now() })
      if (!loaded.ok) {
        refusal = loaded.refusal.message
        logger.error({ file, refusal }, 'the policy file is refused: the policies in force stay as they are')
        return loaded
      }
      refusal = undefined
      inForce = loaded.value
      readAt = now()
      note(inForce)
      logger.info({ file, policies: inForce.map(policy => policy.id) }, 'the policies were read anew')
      return loaded
    },
    describe() {
      const names = inForce.map(policy => policy.id).join(', ') || 'none'
      const since = `${names}, read at ${new Date(readAt * 1000).toISOString()}`
      return refusal === undefined ? since : `${since}; a newer file is refused: ${refusal}`
    },
    idOf: onChainId => ids.get(onChainId),
  }
}
