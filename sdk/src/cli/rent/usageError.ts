// The command line is wrong: a sentence for whoever wrote it, and exit code 64 (EX_USAGE of sysexits.h).

export class UsageError extends Error {
  override name = 'UsageError'
}
