// The devnet command: starts everything, says where to look, and stops everything at Ctrl-C.
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { type CommandView, runSettingsCommand } from '../settingsCommand.ts'
import { type DevnetSettings, devnetSettings, parseBlockTime } from './devnetSettings.ts'
import { showDevnet } from './showDevnet.ts'
import { type Devnet, startDevnet } from './startDevnet.ts'
import { stopSignal, whenAborted } from './stopSignal.ts'

/** What the process should exit with. */
export function runDevnetCommand(view: CommandView): Promise<number> {
  return runSettingsCommand(
    {
      name: 'devnet',
      description: 'Runs a WorldLand-like chain with contracts, bundler, paymaster and two GPU providers',
      examples: ['npm run devnet', 'npm run devnet -- --block-time pow --port-base 0'],
      definition: { prefix: 'DEVNET', settings: devnetSettings },
      run,
    },
    view,
  )
}

async function run(settings: DevnetSettings, { environment }: CommandView): Promise<number> {
  const { portBase, dataDirectory, keep } = settings
  const blockTime = parseBlockTime(settings.blockTime)
  if (!blockTime.ok) {
    say(blockTime.refusal.message)
    return blockTime.refusal.code
  }
  const stop = stopSignal(environment)
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
  const consoleLink = await devnet.consoleLink().catch(reasonOf)
  process.stdout.write(showDevnet(devnet, blockTime.value, consoleLink))
  const failure = await Promise.race([devnet.failed, whenAborted(stop)])
  if (failure !== undefined) say(`${failure}\nStopping the rest.`)
  await devnet.stop()
  return failure === undefined ? 0 : 1
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
