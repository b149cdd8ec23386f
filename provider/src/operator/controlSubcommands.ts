// `worldland-provider status`, `drain`, `earnings`, `reload`, `logs LEASE`: what the operator asks of the running daemon,
// from a shell beside it.
import { connect } from 'node:net'
import { exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { type AddSubcommand, subcommand } from '@worldland-aa/service/cli/subcommand'
import { integer, toggle } from '@worldland-aa/service/config/setting'
import { askDaemon, notReached } from '@worldland-aa/service/control/askDaemon'
import { providerDefinition, providerSettings } from '../config.ts'
import { controlPath } from '../dataFiles.ts'
import { type LogsQuestion, logsPathOf } from './logsDoor.ts'

const { dataFolder, controlSocket } = providerSettings
const { prefix } = providerDefinition
const settings = { dataFolder, controlSocket }
const definition = { prefix, settings, alsoInFile: providerSettings }
const group = 'Asking'

export const controlSubcommands: readonly AddSubcommand[] = [
  question('status', 'tell whether the running daemon is well, and which leases it serves'),
  question('earnings', 'tell what was earned, by day and by agreement, to the wei'),
  question('reload', 'read the market file anew (as SIGHUP does); one with a mistake changes nothing'),
  subcommand({
    name: 'drain',
    description: 'take nothing new from now on, also after a restart; what runs goes on to its end',
    example: '  worldland-provider drain --data-folder /var/lib/worldland-provider',
    definition: {
      ...definition,
      settings: {
        ...settings,
        off: toggle({ group, describe: 'take leases and requests again', fallback: false }),
      },
    },
    run: given => ask(given, 'drain', given.off ? 'off' : 'on'),
  }),
  subcommand({
    name: 'logs',
    description: "print what a lease's machine says",
    argument: { name: 'lease', describe: 'its number' },
    example: '  worldland-provider logs 12 --follow --data-folder /var/lib/worldland-provider',
    definition: {
      ...definition,
      settings: {
        ...settings,
        tail: integer({
          group,
          describe: 'last lines to begin with',
          fallback: 200,
          minimum: 0,
          maximum: 100_000,
        }),
        follow: toggle({ group, describe: 'go on until Ctrl-C', fallback: false }),
      },
    },
    async run(given, lease = '') {
      if (!/^\d{1,15}$/.test(lease)) {
        process.stderr.write('give the number of a lease: worldland-provider logs 12\n')
        return exitCodes.usage
      }
      return await showLogs(logsPathOf(controlPath(given)), {
        lease,
        tailLines: given.tail,
        isFollowing: given.follow,
      })
    },
  }),
]

function question(name: string, description: string): AddSubcommand {
  return subcommand({
    ...{ name, description, definition },
    example: `  worldland-provider ${name} --data-folder /var/lib/worldland-provider`,
    run: given => ask(given, name, undefined),
  })
}

async function ask(
  given: { readonly dataFolder: string; readonly controlSocket: string | undefined },
  command: string,
  argument: string | undefined,
): Promise<number> {
  const { ok, message, isAnswered } = await askDaemon(
    controlPath(given),
    { command, argument },
    '--data-folder',
  )
  ;(ok ? process.stdout : process.stderr).write(`${message}\n`)
  if (ok) return exitCodes.done
  return isAnswered ? exitCodes.no : exitCodes.unavailable
}

async function showLogs(path: string, asked: LogsQuestion): Promise<number> {
  return await new Promise(resolve => {
    const socket = connect(path, () => socket.write(`${JSON.stringify(asked)}\n`))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      process.stderr.write(`${notReached(path, error, '--data-folder')}\n`)
      resolve(exitCodes.unavailable)
    })
    socket.on('close', () => resolve(exitCodes.done))
    socket.pipe(process.stdout, { end: false })
  })
}
