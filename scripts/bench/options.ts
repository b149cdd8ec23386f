// The bench's command line: what is measured, how often, and how hard it is pressed.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import type { Hex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import type { BlockTime } from '../devnet/blockProduction.ts'
import { parseBlockTime } from '../devnet/devnetSettings.ts'

export type BenchOptions = {
  readonly subject:
    | { readonly kind: 'command'; readonly command: string }
    | {
        readonly kind: 'running'
        readonly bundlerUrl: string
        readonly rpcUrl: string
        readonly faucetKey: Hex
      }
    | {
        readonly kind: 'paymaster'
        readonly command: string
        /** Another one, measured in turns with it. */
        readonly beside?: string
      }
    | { readonly kind: 'gateway' }
    | { readonly kind: 'promises' }
  readonly runs: number
  readonly json: boolean
  readonly executors: number
  readonly accounts: number
  /** Of one network, where promises are measured. */
  readonly bundlers: number
  readonly blockTime: BlockTime
  /** One stage each, in this order. */
  readonly stages: readonly { readonly concurrency: number; readonly operations: number }[]
}

export const help = `npm run bench -- [options]

Measures an ERC-4337 bundler (EntryPoint v0.7) from outside: no-op operations of SimpleAccounts, none
waiting for another's nonce, sent at rising concurrency; what became of them is read from the chain.

What is measured (default: this repository's bundler on an anvil of its own, London, a block a second)
  --bundler-command <shell command>  another bundler, started anew for every run. It finds RPC_URL,
                                     ENTRY_POINT, EXECUTOR_KEYS (comma separated), PORT and DATA_DIRECTORY
                                     (removed afterwards) in its environment and must serve JSON-RPC at
                                     http://127.0.0.1:$PORT
  --bundler-url <url>                a bundler that runs already; needs --rpc-url, the node it uses, and
                                     --faucet-key-file, a file with a funded private key that pays for the
                                     accounts. Start-up, memory and node calls cannot be seen then

  --paymaster                        the paymaster instead: how fast it signs, sponsored and paid in the token
  --paymaster-command <command>      another one; it finds RPC_URL, PAYMASTER, POLICIES, SIGNER_KEY_FILE, PORT
                                     and DATA_DIRECTORY in its environment
  --beside <command>                 a second one, as an older build is: each run measures both, the one that
                                     begins in turns, and tells how many times the second's figures the first's are

  --gateway                          the provider's gateway instead: requests that do nothing, paid by a voucher each

  --promises                         how long until a sender has the promise that its operation lands, in a network
                                     of this repository's bundlers, each a process of its own

How hard
  --concurrency <list>   clients at once, a stage each         (default 1,8,32);
                                     of promises: operations a second (default 2,4)
  --operations <list>    operations of each stage              (default 40,120,320; of promises 120,120;
                                     of a paymaster 500,2000,4000; of a gateway 1000,4000,10000)
  --accounts <number>    senders the load is spread over       (default 100)
  --bundlers <number>    of the network that promises          (default 10)
  --executors <number>   executor keys of a started bundler    (default 4)
  --block-time <n|pow>   seconds between blocks, or as the devnet's --block-time pow (default 1)
  --runs <number>        repeat all; medians and ranges        (default 1)

Output
  --json                 one JSON object with every run instead of the table
  --help

Examples
  npm run bench -- --runs 3
  npm run bench -- --bundler-command 'alto --port $PORT --rpc-url $RPC_URL --entrypoints $ENTRY_POINT …'
  npm run bench -- --bundler-url https://bundler.example --rpc-url https://node.example --faucet-key-file ./key
`

/** This repository's daemons, as shell commands. */
type OwnCommands = Readonly<Record<'bundler' | 'paymaster', string>>

/** `undefined` asks for the help text. */
export function readOptions(argv: readonly string[], own: OwnCommands): Result<BenchOptions | undefined> {
  const parsed = parseFlags(argv)
  if (!parsed.ok) return parsed
  const flags = parsed.value
  if (flags.help === true) return accept(undefined)
  try {
    const subject = subjectOf(flags, own)
    const usual = usualStages[subject.kind]
    const concurrencies = numbers('--concurrency', flags.concurrency ?? usual.concurrency)
    const operations = numbers('--operations', flags.operations ?? usual.operations)
    if (concurrencies.length !== operations.length) {
      throw new Problem(
        `--concurrency names ${concurrencies.length} stages and --operations ${operations.length}: give as many of each`,
      )
    }
    return accept({
      subject,
      json: flags.json === true,
      runs: number('--runs', flags.runs ?? '1'),
      executors: number('--executors', flags.executors ?? '4', 100),
      accounts: number('--accounts', flags.accounts ?? '100'),
      bundlers: number('--bundlers', flags.bundlers ?? '10', 100),
      blockTime: blockTimeOf(flags['block-time'] ?? '1'),
      stages: concurrencies.map((concurrency, index) => ({
        concurrency,
        operations: operations[index] ?? 0,
      })),
    })
  } catch (error) {
    if (error instanceof Problem) return refused(error.message)
    throw error
  }
}

const usualStages = {
  command: { concurrency: '1,8,32', operations: '40,120,320' },
  running: { concurrency: '1,8,32', operations: '40,120,320' },
  paymaster: { concurrency: '1,8,32', operations: '500,2000,4000' },
  gateway: { concurrency: '1,8,32', operations: '1000,4000,10000' },
  promises: { concurrency: '2,4', operations: '120,120' },
} as const

/** What is wrong with a flag; never leaves this file. */
class Problem extends Error {}

const flagTypes = {
  'bundler-command': { type: 'string' },
  'bundler-url': { type: 'string' },
  paymaster: { type: 'boolean' },
  'paymaster-command': { type: 'string' },
  beside: { type: 'string' },
  gateway: { type: 'boolean' },
  promises: { type: 'boolean' },
  bundlers: { type: 'string' },
  'rpc-url': { type: 'string' },
  'faucet-key-file': { type: 'string' },
  concurrency: { type: 'string' },
  operations: { type: 'string' },
  accounts: { type: 'string' },
  executors: { type: 'string' },
  'block-time': { type: 'string' },
  runs: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

type Flags = ReturnType<typeof parseArgs<{ options: typeof flagTypes }>>['values']

function parseFlags(argv: readonly string[]): Result<Flags> {
  try {
    return accept(parseArgs({ args: [...argv], options: flagTypes }).values)
  } catch (error) {
    return refused((error as Error).message)
  }
}

function subjectOf(flags: Flags, own: OwnCommands): BenchOptions['subject'] {
  const command = flags['bundler-command']
  const bundlerUrl = flags['bundler-url']
  const isPaymaster = flags.paymaster === true || flags['paymaster-command'] !== undefined
  const isBundler = command !== undefined || bundlerUrl !== undefined
  const { beside, gateway = false, promises = false } = flags
  if (beside !== undefined && !isPaymaster) throw new Problem('--beside goes with --paymaster only')
  if ([isPaymaster, isBundler, gateway, promises].filter(Boolean).length > 1)
    throw new Problem('Measure a bundler, a paymaster, the gateway or promises: one of them')
  if (gateway) return { kind: 'gateway' }
  if (promises) return { kind: 'promises' }
  if (isPaymaster) {
    const paymaster = flags['paymaster-command'] ?? own.paymaster
    return { kind: 'paymaster', command: paymaster, ...(beside !== undefined && { beside }) }
  }
  if (bundlerUrl === undefined) {
    for (const name of ['rpc-url', 'faucet-key-file'] as const) {
      if (flags[name] !== undefined) throw new Problem(`--${name} goes with --bundler-url only`)
    }
    return { kind: 'command', command: command ?? own.bundler }
  }
  if (command !== undefined) throw new Problem('Give --bundler-command or --bundler-url, not both')
  const rpcUrl = flags['rpc-url']
  const keyFile = flags['faucet-key-file']
  if (rpcUrl === undefined)
    throw new Problem('--bundler-url needs --rpc-url, the node which that bundler uses')
  if (keyFile === undefined)
    throw new Problem('--bundler-url needs --faucet-key-file, which pays for the accounts')
  for (const [name, url] of [
    ['--bundler-url', bundlerUrl],
    ['--rpc-url', rpcUrl],
  ] as const) {
    if (!/^https?:/.test(url) || !URL.canParse(url)) throw new Problem(`${name} must be an http(s) URL`)
  }
  return { kind: 'running', bundlerUrl, rpcUrl, faucetKey: readKey(keyFile) }
}

function readKey(file: string): Hex {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new Problem(`--faucet-key-file: cannot read ${file} (${(error as NodeJS.ErrnoException).code})`)
  }
  const key = (text.startsWith('0x') ? text : `0x${text}`) as Hex
  try {
    privateKeyToAddress(key)
  } catch {
    throw new Problem(`--faucet-key-file: ${file} must hold one private key, 64 hex digits`)
  }
  return key
}

function blockTimeOf(text: string): BlockTime {
  const parsed = parseBlockTime(text)
  if (parsed.ok) return parsed.value
  throw new Problem(parsed.refusal.message)
}

function number(flag: string, text: string, maximum = 100_000): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && value <= maximum) return value
  throw new Problem(`${flag} must be a whole number from 1 to ${maximum}, but is ${JSON.stringify(text)}`)
}

function numbers(flag: string, text: string): readonly number[] {
  return text.split(',').map(part => number(flag, part.trim()))
}

function refused(message: string): Result<never> {
  return refuse({ code: 64, message }) // EX_USAGE of sysexits.h
}
