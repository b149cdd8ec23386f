// `keys new` and `keys show`: makes private keys where nobody else reads them, and tells their addresses, never the keys.
import { readFileSync } from 'node:fs'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { openFileProblem } from '../config/privateFile.ts'
import { integer, text } from '../config/setting.ts'
import { writeNewPrivateFile } from '../files/durableFile.ts'
import { fileProblem } from '../files/fileProblem.ts'
import { parsePrivateKeys } from '../keys/parsePrivateKeys.ts'
import { ExitError, exitCodes } from './exitCodes.ts'
import { type AddSubcommand, subcommand } from './subcommand.ts'

export type KeysCommands = {
  /** Of the program: `worldland-bundler`. */
  readonly program: string
  readonly prefix: string
  /** Such as `executors.txt`, and what the keys in it are for. */
  readonly example: string
  readonly purpose: string
  /** What to do with the addresses: how much coin they want, who has to trust them. */
  readonly advice: string
}

const group = 'Keys'

export function keysCommands(options: KeysCommands): AddSubcommand {
  return (program, environment, exit) => {
    const keys = program
      .command('keys')
      .description(`make ${options.purpose}, and tell the addresses of those in a file`)
    newCommand(options)(keys, environment, exit)
    showCommand(options)(keys, environment, exit)
  }
}

function newCommand({ program, prefix, example, purpose, advice }: KeysCommands): AddSubcommand {
  return subcommand({
    name: 'new',
    description: `write new ${purpose} into a file that you alone can read; writes over nothing`,
    example: `  ${program} keys new --output ${example}`,
    definition: {
      prefix,
      settings: {
        output: text({ group, describe: `the file to make, such as ${example}`, placeholder: 'file' }),
        count: integer({ group, describe: 'how many keys', fallback: 1, minimum: 1, maximum: 100 }),
      },
    },
    async run({ output, count }) {
      const keys = Array.from({ length: count }, () => generatePrivateKey())
      try {
        writeNewPrivateFile(output, keys.map(key => `${key}\n`).join(''))
      } catch (error) {
        throw new ExitError(exitCodes.no, whyNotWritten(output, error))
      }
      process.stdout.write(`${keys.map(privateKeyToAddress).join('\n')}\n`)
      process.stderr.write(
        `${count === 1 ? 'Its key is' : `${count} keys are`} in ${output}, which is all there is of ${count === 1 ? 'it' : 'them'}: keep a copy in a safe place.\n${advice}\n`,
      )
      return exitCodes.done
    },
  })
}

function showCommand({ program, prefix, example, purpose }: KeysCommands): AddSubcommand {
  return subcommand({
    name: 'show',
    description: `tell the addresses of the ${purpose} in a file`,
    argument: { name: 'file', describe: `such as ${example}` },
    example: `  ${program} keys show ${example}`,
    definition: { prefix, settings: {} },
    async run(_, file) {
      if (file === undefined)
        throw new ExitError(
          exitCodes.usage,
          `give the file with the keys, such as: ${program} keys show ${example}`,
        )
      const keys = parsePrivateKeys(read(file))
      if (!keys.ok) throw new ExitError(exitCodes.no, `${file}: ${keys.refusal.message}`)
      process.stdout.write(`${keys.value.map(({ address }) => address).join('\n')}\n`)
      const open = openFileProblem(file)
      if (open !== undefined) process.stderr.write(`${open}\n`)
      return exitCodes.done
    },
  })
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ExitError(exitCodes.no, fileProblem(file, error))
  }
}

function whyNotWritten(path: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'EEXIST') return `${path} is there already, and keys are not written over: give another name`
  return `cannot write ${path} (${code}): is its folder there, and may this account write in it?`
}
