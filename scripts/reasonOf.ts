// A failure in words for whoever typed a command: what failed, then why, without a stack.

/** The error and its causes in a line each, at most five. */
export function reasonOf(error: unknown): string {
  const reasons: string[] = []
  for (let at: unknown = error; at instanceof Error && reasons.length < 5; at = at.cause) {
    // viem's messages carry the whole request; its short ones say what went wrong.
    const reason = 'shortMessage' in at && typeof at.shortMessage === 'string' ? at.shortMessage : at.message
    if (reason !== '' && !reasons.includes(reason)) reasons.push(reason)
  }
  return reasons.length === 0 ? String(error) : reasons.join('\n  because: ')
}
