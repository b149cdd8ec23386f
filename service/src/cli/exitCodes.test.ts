// One scheme for every command: what the process ends with tells a service manager whether a restart may help.
import { afterEach, expect, it, vi } from 'vitest'
import { oneOf } from '../config/setting.ts'
import { logLevels } from '../logger.ts'
import { ExitError, exitCodes } from './exitCodes.ts'
import { runDaemon } from './runDaemon.ts'
import { subcommand } from './subcommand.ts'

afterEach(() => vi.restoreAllMocks())

const settings = {
  logLevel: oneOf({ group: 'Server', describe: 'level', fallback: 'silent', choices: logLevels }),
}
const definition = { prefix: 'TESTED', settings } as const

async function run(args: readonly string[], failure: Error = new Error('no luck')): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockReturnValue(true)
  const answer = (code: number) =>
    subcommand({ name: `answer${code}`, description: '', example: '', definition, run: async () => code })
  const fail = subcommand({
    name: 'fail',
    description: '',
    example: '',
    definition,
    run: async () => Promise.reject(failure),
  })
  return await runDaemon(
    {
      ...{ name: 'tested', version: '1', description: '', example: '', definition },
      compose: () => Promise.reject(failure),
      commands: [answer(0), answer(1), fail],
    },
    { argv: ['node', 'tested', ...args], environment: {} },
  )
}

const away = new Error('it cannot be', { cause: new ExitError(exitCodes.unavailable, 'the node is away') })

it.each<[string, readonly string[], Error | undefined, number]>([
  ['an answer of yes', ['answer0'], undefined, 0],
  ['--help', ['start', '--help'], undefined, 0],
  ['--version', ['--version'], undefined, 0],
  ['an answer of no', ['answer1'], undefined, 1],
  ['a start that fails', ['start'], undefined, 1],
  ['a command that fails', ['fail'], undefined, 1],
  ['no command', [], undefined, 64],
  ['an unknown command', ['stat'], undefined, 64],
  ['an unknown flag', ['start', '--colour', 'red'], undefined, 64],
  ['an argument too many', ['answer0', 'surplus'], undefined, 64],
  ['a start on a node that is away', ['start'], away, 69],
  ['a command on a node that is away', ['fail'], away, 69],
  ['a setting out of range', ['start', '--log-level', 'loud'], undefined, 78],
  ['a start on wrong contracts', ['start'], new ExitError(exitCodes.configuration, 'no contract'), 78],
])('%s', async (_, args, failure, code) => {
  expect(await run(args, failure)).toBe(code)
})
