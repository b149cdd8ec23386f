// What every command of both daemons exits with, so that a service manager knows what a restart may mend (docs/exit-codes.md).

export const exitCodes = {
  /** Done, or: yes. */
  done: 0,
  /** The answer is no, or it failed. */
  no: 1,
  /** EX_USAGE of sysexits.h: the command line is wrong. */
  usage: 64,
  /** EX_UNAVAILABLE: what it needs is not to be had now, such as its node, or a file that another process has. */
  unavailable: 69,
  /** EX_CONFIG: a setting is wrong, or what it names. No restart mends it. */
  configuration: 78,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Ends a command with this code; the message says what is wrong and how to mend it. */
export class ExitError extends Error {
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ExitError'
    this.exitCode = exitCode
  }
}

/** Of the error itself, or of what it was caused by. */
export function exitCodeOf(error: unknown): ExitCode {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof ExitError) return at.exitCode
  }
  return exitCodes.no
}
