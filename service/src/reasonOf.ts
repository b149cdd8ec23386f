// An error in words for a person: what failed, and below it why, down to what a node or bundler said.

const maxReasons = 6

/** The message of `error` and of its causes, each in a line; without stacks and requests. */
export function reasonOf(error: unknown): string {
  const reasons: string[] = []
  for (let at: unknown = error; at instanceof Error && reasons.length < maxReasons; at = at.cause) {
    // viem's messages carry the whole request: its short ones say what went wrong, its details what the other side said.
    for (const reason of 'shortMessage' in at ? [at.shortMessage, detailsOf(at)] : [at.message]) {
      if (typeof reason === 'string' && reason !== '' && !reasons.includes(reason)) reasons.push(reason)
    }
  }
  return reasons.length === 0 ? String(error) : reasons.join('\n  because: ')
}

/** Only of the innermost error: viem hands the same details all the way up. */
function detailsOf(error: Error): unknown {
  return 'details' in error && !(error.cause instanceof Error) ? error.details : undefined
}
