// What `worldland-pay` is told: flags, and keys from files or the environment, never from the command line, where every
// account of the machine can read them.
import { parseArgs } from 'node:util'
import { type Hex, isHex, parseEther, size } from 'viem'
import { readPrivateFile } from '../../serving/node/privateFiles.ts'
import { SettingError } from '../rent/settingError.ts'
import { UsageError } from '../rent/usageError.ts'

export type PaySettings = {
  readonly providerUrl: string
  readonly rpcUrl: string
  readonly contractsFile: string
  readonly key: Hex
  readonly budgetWei: bigint
  /** One that is open; or what to open. */
  readonly pays:
    | { readonly sessionId: bigint; readonly rightId: bigint | undefined }
    | { readonly offerId: bigint; readonly hours: number }
  readonly stateFile: string
  readonly apiKeyFile: string
  readonly port: number
  readonly secondsAhead: number
}

export const payHelp = `worldland-pay: pays serverless endpoints for clients that know only a base URL and an API key.

  --provider-url URL     where the provider serves, such as https://gpu.example.com
  --rpc-url URL          JSON-RPC of an execution node
  --contracts-file FILE  the market's addresses, as npm run deploy -- --output or .devnet/devnet.json holds them
  --budget TOKENS        the most that is ever signed for, such as 0.5
  --session ID           pay from this session
  --right ID             by this right of it; default: the session's own
  --open OFFER           open a session of this offer with the budget, and pay from it;
                         what the key lacks in tokens is wrapped of its coin
  --hours N              for how long it is opened; default 1
  --key-file FILE        private key of the session's payer, signer or holder; or WORLDLAND_PAY_KEY
  --state-file FILE      the vouchers signed last; default ./worldland-pay.json
  --api-key-file FILE    the key that local clients give; made when missing; default ./worldland-pay.key
  --port N               on 127.0.0.1; default 4350; 0 takes any free one
  --seconds-ahead N      seconds of use signed ahead; default 60
`

const options = {
  'provider-url': { type: 'string' },
  'rpc-url': { type: 'string' },
  'contracts-file': { type: 'string' },
  budget: { type: 'string' },
  session: { type: 'string' },
  right: { type: 'string' },
  open: { type: 'string' },
  hours: { type: 'string', default: '1' },
  'key-file': { type: 'string' },
  'state-file': { type: 'string', default: './worldland-pay.json' },
  'api-key-file': { type: 'string', default: './worldland-pay.key' },
  port: { type: 'string', default: '4350' },
  'seconds-ahead': { type: 'string', default: '60' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** `help`: the text is asked for. Throws `UsageError` or `SettingError`. */
export function readPaySettings(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): PaySettings | 'help' {
  const values = parse(args)
  if (values.help) return 'help'
  return {
    providerUrl: url(values['provider-url'], '--provider-url'),
    rpcUrl: url(values['rpc-url'], '--rpc-url'),
    contractsFile: need(values['contracts-file'], '--contracts-file'),
    key: readKey(values['key-file'], environment.WORLDLAND_PAY_KEY),
    budgetWei: budget(values.budget),
    pays: paysFrom(values),
    stateFile: values['state-file'],
    apiKeyFile: values['api-key-file'],
    port: whole(values.port, '--port', 65_535),
    secondsAhead: whole(values['seconds-ahead'], '--seconds-ahead', 3_600),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values
  } catch (error) {
    throw new UsageError(`${(error as Error).message} (--help lists all settings)`)
  }
}

function paysFrom(values: {
  readonly session?: string
  readonly right?: string
  readonly open?: string
  readonly hours: string
}): PaySettings['pays'] {
  const { session, right, open, hours } = values
  if ((session === undefined) === (open === undefined)) {
    throw new UsageError(
      'Give --session with the id of an open session, or --open with an offer to open one of',
    )
  }
  if (open !== undefined) return { offerId: id(open, '--open'), hours: whole(hours, '--hours', 8_760) }
  return {
    sessionId: id(session ?? '', '--session'),
    rightId: right === undefined ? undefined : id(right, '--right'),
  }
}

function readKey(file: string | undefined, fromEnvironment: string | undefined): Hex {
  const text = file === undefined ? fromEnvironment : readKeyFile(file)
  if (text === undefined) {
    throw new UsageError(
      file === undefined
        ? 'Give the key that signs by --key-file or WORLDLAND_PAY_KEY'
        : `There is no file ${file} (--key-file)`,
    )
  }
  const key = text.trim()
  const hex = key.startsWith('0x') ? key : `0x${key}`
  // What was given instead is not repeated: it may be a key with a slip in it.
  if (!isHex(hex) || size(hex) !== 32) {
    throw new SettingError('The key that signs is not 32 bytes in hex (--key-file, WORLDLAND_PAY_KEY)')
  }
  return hex
}

function readKeyFile(path: string): string | undefined {
  try {
    return readPrivateFile(path)
  } catch (error) {
    throw new SettingError((error as Error).message, { cause: error })
  }
}

function need(value: string | undefined, flag: string): string {
  if (value === undefined || value === '') throw new UsageError(`Give ${flag} (--help lists all settings)`)
  return value
}

function url(value: string | undefined, flag: string): string {
  const text = need(value, flag)
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new UsageError(`${flag} is no http or https URL: ${text}`)
  }
  return text
}

function budget(value: string | undefined): bigint {
  const text = need(value, '--budget')
  if (!/^\d{1,12}(\.\d{1,18})?$/.test(text) || parseEther(text) === 0n) {
    throw new UsageError(`--budget is no amount of tokens above zero, such as 0.5: ${text}`)
  }
  return parseEther(text)
}

function id(text: string, flag: string): bigint {
  if (!/^[1-9]\d{0,77}$/.test(text)) throw new UsageError(`${flag} is no id: ${text}`)
  return BigInt(text)
}

function whole(text: string, flag: string, most: number): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) > most) {
    throw new UsageError(`${flag} is no whole number up to ${most}: ${text}`)
  }
  return Number(text)
}
