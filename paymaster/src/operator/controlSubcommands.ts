// `worldland-paymaster pause`, `block 0x…` and the like: what the operator asks of the running service, from a shell
// beside it.
import { exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { type AddSubcommand, subcommand } from '@worldland-aa/service/cli/subcommand'
import { oneOf } from '@worldland-aa/service/config/setting'
import { askDaemon } from '@worldland-aa/service/control/askDaemon'
import { controlPathOf } from '@worldland-aa/service/control/controlSocket'
import { roles } from '../admin/adminEnvironment.ts'
import { paymasterDefinition, paymasterSettings } from '../config.ts'

const { dataFile, controlSocket } = paymasterSettings
const definition = {
  prefix: paymasterDefinition.prefix,
  settings: { dataFile, controlSocket },
  alsoInFile: paymasterSettings,
}
const who = {
  name: 'address',
  describe: 'an account or factory (0x…), or the IP address from which somebody calls',
}

export const controlSubcommands: readonly AddSubcommand[] = [
  control('status', 'tell whether the running service signs, and for whom it does not'),
  control('pause', 'sign nothing more from now on, also after a restart'),
  control('resume', 'sign again after a pause'),
  control(
    'reload',
    'read the policy file and the key file anew (as SIGHUP does); one with a mistake changes nothing',
  ),
  control('signer', 'have another key of the key file sign, once the contract trusts it', {
    name: 'address',
    describe: 'the address of that key',
  }),
  control('block', 'sign nothing more for an account, a factory or a caller', who),
  control('unblock', 'sign again for who was blocked', who),
  subcommand({
    name: 'sign-in-link',
    description: 'print a link that signs in to the console once, within an hour',
    example: '  worldland-paymaster sign-in-link --role operator --data-file /var/lib/paymaster.sqlite',
    definition: {
      ...definition,
      settings: {
        ...definition.settings,
        role: oneOf({
          group: 'Link',
          describe: 'what the user may do that the link makes',
          fallback: 'admin',
          choices: roles,
        }),
      },
    },
    run: settings => ask(settings, 'sign-in-link', settings.role),
  }),
]

function control(
  name: string,
  description: string,
  argument?: { readonly name: string; readonly describe: string },
): AddSubcommand {
  return subcommand({
    name,
    description,
    ...(argument === undefined ? {} : { argument }),
    example: `  worldland-paymaster ${name}${argument === undefined ? '' : ' 0x…'} --data-file /var/lib/paymaster.sqlite`,
    definition,
    run: (settings, given) => ask(settings, name, given),
  })
}

async function ask(
  settings: { readonly dataFile: string; readonly controlSocket: string | undefined },
  command: string,
  argument: string | undefined,
): Promise<number> {
  const path = settings.controlSocket ?? controlPathOf(settings.dataFile)
  const { ok, message, isAnswered } = await askDaemon(path, { command, argument })
  ;(ok ? process.stdout : process.stderr).write(`${message}\n`)
  if (ok) return exitCodes.done
  return isAnswered ? exitCodes.no : exitCodes.unavailable
}
