// Lets commander read the command line, and turns its refusals into an exit code of ours.
import { type Command, CommanderError } from 'commander'
import { exitCodes } from './exitCodes.ts'

/** Undefined when a command ran, and knows itself how it ended. `exitOverride` of the program must be on. */
export async function parseCommandLine(
  program: Command,
  argv: readonly string[],
): Promise<number | undefined> {
  try {
    await program.parseAsync([...argv])
    return undefined
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // --help and --version end with 0.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
  }
}
