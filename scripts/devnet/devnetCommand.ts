// The devnet command: starts everything, says where to look, and stops everything at Ctrl-C.
import { addSettingFlags } from '@worldland-aa/service/config/command'
import { loadSettings } from '@worldland-aa/service/config/loadSettings'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { Command } from 'commander'
import { type DevnetSettings, devnetSettings, parseBlockTime } from './devnetSettings.ts'
import { showDevnet } from './showDevnet.ts'
import { type Devnet, startDevnet } from './startDevnet.ts'
import { stopSignal, whenAborted } from './stopSignal.ts'

export type CommandView = {
  readonly argv: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
}

const definition = { prefix: 'DEVNET', settings: devnetSettings } as const

/** What the process should exit with. */
export async function runDevnetCommand(view: CommandView): Promise<number> {
  let exitCode = 0
  const command = new Command('devnet')
    .description('Runs a WorldLand-like chain with contracts, bundler, paymaster and two GPU providers')
    .showHelpAfterError('(add --help for what there is)')
  addSettingFlags(command, definition)
  command.addHelpText(
    'after',
    '\nExamples:\n  npm run devnet\n  npm run devnet -- --block-time pow --port-base 0',
  )
  command.action(async (flags: Record<string, unknown>) => {
    const file = typeof flags.config === 'string' ? flags.config : undefined
    const loaded = loadSettings(definition, { flags, environment: view.environment, file })
    if (loaded.ok) exitCode = await run(loaded.value)
    else {
      say(loaded.refusal.message)
      exitCode = loaded.refusal.code
    }
  })
  await command.parseAsync([...view.argv])
  return exitCode
}

async function run(settings: DevnetSettings): Promise<number> {
  const { portBase, dataDirectory, keep } = settings
  const blockTime = parseBlockTime(settings.blockTime)
  if (!blockTime.ok) {
    say(blockTime.refusal.message)
    return blockTime.refusal.code
  }
  const stop = stopSignal()
  let devnet: Devnet
  try {
    devnet = await startDevnet({
      portBase,
      blockTime: blockTime.value,
      dataDirectory,
      keep,
      signal: stop,
      onStep: say,
      onError: (problem, error) => say(`${problem}: ${reasonOf(error)}`),
    })
  } catch (error) {
    if (stop.aborted) return 0
    say(`The devnet could not start: ${reasonOf(error)}`)
    return 1
  }
  process.stdout.write(showDevnet(devnet, blockTime.value))
  const failure = await Promise.race([devnet.failed, whenAborted(stop)])
  if (failure !== undefined) say(`${failure}\nStopping the rest.`)
  await devnet.stop()
  return failure === undefined ? 0 : 1
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
