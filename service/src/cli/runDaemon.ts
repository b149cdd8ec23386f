// A daemon's whole command line: `<name> start` with its settings as flags, clear words for a bad
// configuration or a failed start, and a stop in order at Ctrl-C.
import { Command } from 'commander'
import { addSettingFlags } from '../config/command.ts'
import { loadSettings } from '../config/loadSettings.ts'
import type { Settings, SettingValues } from '../config/setting.ts'
import { type Part, type Reloadable, untilSignal } from '../lifecycle.ts'
import { createLogger, type Logger, type LogLevel } from '../logger.ts'
import { reasonOf } from '../reasonOf.ts'
import { exitCodeOf, exitCodes } from './exitCodes.ts'
import { parseCommandLine } from './parseCommandLine.ts'
import type { AddSubcommand } from './subcommand.ts'

export type Daemon<All extends Settings> = {
  readonly name: string
  readonly version: string
  readonly description: string
  /** Printed under --help: how a person starts it for the first time. */
  readonly example: string
  readonly definition: { readonly prefix: string; readonly settings: All }
  /** Beside `start`. */
  readonly commands?: readonly AddSubcommand[]
  /** Builds the parts; called once the settings hold. */
  readonly compose: (values: SettingValues<All>, logger: Logger) => Promise<Part & Reloadable>
}

export type ProcessView = {
  readonly argv: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** What the process should exit with. */
export async function runDaemon<All extends Settings & { logLevel: unknown }>(
  daemon: Daemon<All>,
  view: ProcessView,
): Promise<number> {
  let exitCode: number = exitCodes.done
  const program = new Command(daemon.name)
    .description(daemon.description)
    .version(daemon.version)
    .showHelpAfterError('(add --help for what there is)')
    .exitOverride()
  const start = program
    .command('start')
    .description('start serving; stops in order at Ctrl-C or SIGTERM')
    .addHelpText('after', `\nExample:\n${daemon.example}`)
  addSettingFlags(start, daemon.definition)
  start.action(async (flags: Record<string, unknown>) => {
    exitCode = await serve(daemon, { flags, environment: view.environment })
  })
  for (const add of daemon.commands ?? []) {
    add(program, view.environment, code => {
      exitCode = code
    })
  }
  return (await parseCommandLine(program, view.argv)) ?? exitCode
}

async function serve<All extends Settings & { logLevel: unknown }>(
  daemon: Daemon<All>,
  sources: { flags: Record<string, unknown>; environment: ProcessView['environment'] },
): Promise<number> {
  const loaded = loadSettings(daemon.definition, sources)
  if (!loaded.ok) {
    process.stderr.write(
      `${daemon.name} cannot start with this configuration:\n${loaded.refusal.message.replace(/^/gm, '  ')}\n` +
        `See ${daemon.name} start --help\n`,
    )
    return loaded.refusal.code
  }
  const level = (loaded.value as { logLevel: LogLevel }).logLevel
  const logger = createLogger({ name: daemon.name, level })
  let whole: (Part & Reloadable) | undefined
  // From here on SIGHUP ends nothing: its default would, and a service manager sends it for a reload.
  process.on('SIGHUP', () => {
    if (whole?.reload === undefined) logger.info('SIGHUP: there is nothing to read anew')
    else void whole.reload().catch(error => logger.error({ error }, 'SIGHUP: nothing could be read anew'))
  })
  const signal = untilSignal()
  try {
    whole = await daemon.compose(loaded.value, logger)
    const started = whole.start()
    started.catch(() => undefined)
    // A start may wait for the chain for long: it can be given up.
    await Promise.race([started, signal])
  } catch (error) {
    logger.debug({ error }, 'the start failed')
    process.stderr.write(`${daemon.name} could not start: ${reasonOf(error)}\n`)
    return exitCodeOf(error)
  }
  logger.info({ signal: await signal }, 'stopping')
  await whole.stop()
  return exitCodes.done
}
