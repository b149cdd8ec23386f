// Reads the command line: which command, and its flags as they were written.
import { parseArgs } from 'node:util'
import { UsageError } from './usageError.ts'

const text = { type: 'string' } as const
const texts = { type: 'string', multiple: true } as const
const flag = { type: 'boolean' } as const

const options = {
  machines: text,
  gpus: text,
  hours: text,
  seconds: text,
  gpu: texts,
  vram: text,
  units: text,
  region: texts,
  'not-region': texts,
  'prefer-region': texts,
  'round-trip': texts,
  'maximum-round-trip': text,
  spread: text,
  'per-provider': text,
  'per-region': text,
  price: text,
  budget: text,
  faults: text,
  lapses: text,
  'bond-seconds': text,
  'not-provider': texts,
  all: flag,
  json: flag,
  'request-file': text,
  'image-digest': text,
  yes: flag,
  'maximum-failures': text,
  watch: flag,
  'contracts-file': text,
  'rpc-url': text,
  'bundler-url': text,
  'state-file': text,
  'key-file': text,
  help: flag,
} as const

const parse = (args: readonly string[]) =>
  parseArgs({ args: [...args], options, allowPositionals: true, strict: true })

export type Flags = ReturnType<typeof parse>['values']
export type CommandLine = { readonly command: string | undefined; readonly flags: Flags }

export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parsed(args)
  const [command, ...rest] = positionals
  if (rest.length > 0) throw new UsageError(`Nothing is known of "${rest[0]}": flags begin with --.`)
  return { command, flags: values }
}

function parsed(args: readonly string[]) {
  try {
    return parse(args)
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** Undefined if it was not given. */
export function wholeNumber(flags: Flags, name: keyof Flags): number | undefined {
  const written = flags[name]
  if (written === undefined) return undefined
  if (typeof written === 'string' && /^\d{1,15}$/.test(written)) return Number(written)
  throw new UsageError(`--${name} is "${written}": give a whole number.`)
}
