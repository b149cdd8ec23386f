// The command line that deploy, devnet and demo share: settings as flags, clear words for bad ones.
import { addSettingFlags } from '@worldland-aa/service/config/command'
import { loadSettings } from '@worldland-aa/service/config/loadSettings'
import type { Settings, SettingValues } from '@worldland-aa/service/config/setting'
import { Command } from 'commander'

/** What only the program's entry may take from the process. */
export type CommandView = {
  readonly argv: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Returns what the process should exit with: what `run` returns, or 78 (EX_CONFIG) for its settings. */
export async function runSettingsCommand<All extends Settings>(
  command: {
    readonly name: string
    readonly description: string
    /** Printed under --help. */
    readonly examples: readonly string[]
    readonly definition: { readonly prefix: string; readonly settings: All }
    readonly run: (settings: SettingValues<All>, view: CommandView) => Promise<number>
  },
  view: CommandView,
): Promise<number> {
  const { name, description, examples, definition, run } = command
  let exitCode = 0
  const program = new Command(name)
    .description(description)
    .showHelpAfterError('(add --help for what there is)')
    .addHelpText('after', `\nExamples:\n${examples.map(example => `  ${example}`).join('\n')}`)
  addSettingFlags(program, definition)
  program.action(async (flags: Record<string, unknown>) => {
    const loaded = loadSettings(definition, { flags, environment: view.environment })
    if (loaded.ok) {
      exitCode = await run(loaded.value, view)
      return
    }
    process.stderr.write(`${loaded.refusal.message}\n`)
    exitCode = loaded.refusal.code
  })
  await program.parseAsync([...view.argv])
  return exitCode
}
