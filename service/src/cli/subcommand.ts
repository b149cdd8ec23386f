// A command of a daemon's program beside `start`: settings as flags, perhaps a file as argument, an answer.
import type { Command } from 'commander'
import { addSettingFlags } from '../config/command.ts'
import { loadSettings } from '../config/loadSettings.ts'
import type { Settings, SettingValues } from '../config/setting.ts'
import { reasonOf } from '../reasonOf.ts'
import { exitCodeOf } from './exitCodes.ts'

type SubcommandOptions<All extends Settings> = {
  readonly name: string
  readonly description: string
  /** Optional on the command line, such as a file. */
  readonly argument?: { readonly name: string; readonly describe: string }
  readonly example: string
  readonly definition: {
    readonly prefix: string
    readonly settings: All
    /** Of `start`: they may stand in the configuration file too. */
    readonly alsoInFile?: Settings
  }
  /** What the process should exit with; what it throws is told, and exits by its `ExitError`. */
  readonly run: (settings: SettingValues<All>, argument: string | undefined) => Promise<number>
}

/** Adds it to the program; `exit` hears how it ended. */
export type AddSubcommand = (
  program: Command,
  environment: Readonly<Record<string, string | undefined>>,
  exit: (code: number) => void,
) => void

export function subcommand<All extends Settings>(options: SubcommandOptions<All>): AddSubcommand {
  const { name, description, argument, example, definition, run } = options
  return (program, environment, exit) => {
    const command = program
      .command(name)
      .description(description)
      .addHelpText('after', `\nExample:\n${example}`)
    if (argument !== undefined) command.argument(`[${argument.name}]`, argument.describe)
    addSettingFlags(command, definition)
    command.action(async (...all: readonly unknown[]) => {
      // commander hands over the arguments, then the flags, then the command.
      const given = argument === undefined ? undefined : (all[0] as string | undefined)
      const flags = all.at(-2) as Record<string, unknown>
      const loaded = loadSettings(definition, { flags, environment })
      if (!loaded.ok) {
        process.stderr.write(`${loaded.refusal.message}\n`)
        return exit(loaded.refusal.code)
      }
      try {
        exit(await run(loaded.value, given))
      } catch (error) {
        process.stderr.write(`${reasonOf(error)}\n`)
        exit(exitCodeOf(error))
      }
    })
  }
}
