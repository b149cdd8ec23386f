#!/usr/bin/env node
// worldland-rent: the command line of placements.
import { ComputeError } from '../../errors/computeError.ts'
import { exitCodeOf } from './exitCode.ts'
import { parseCommandLine } from './flags.ts'
import { planCommand } from './planCommand.ts'
import { rentCommand } from './rentCommand.ts'
import { replaceCommand } from './replaceCommand.ts'
import { statusCommand } from './statusCommand.ts'
import { stopCommand } from './stopCommand.ts'
import type { Surroundings } from './surroundings.ts'
import { usage } from './usage.ts'
import { UsageError } from './usageError.ts'

const commands: Readonly<Record<string, (surroundings: Surroundings) => Promise<number>>> = {
  plan: planCommand,
  rent: rentCommand,
  status: statusCommand,
  replace: replaceCommand,
  stop: stopCommand,
}

async function run(): Promise<number> {
  const { command, flags } = parseCommandLine(process.argv.slice(2))
  if (flags.help === true || command === undefined) {
    process.stdout.write(usage)
    return flags.help === true ? 0 : 64
  }
  const act = Object.hasOwn(commands, command) ? commands[command] : undefined
  if (act === undefined)
    throw new UsageError(`There is no command "${command}": plan, rent, status, replace or stop.`)
  const interruption = new AbortController()
  if (flags.watch === true) {
    process.once('SIGINT', () => interruption.abort())
    process.once('SIGTERM', () => interruption.abort())
  }
  return await act({
    flags,
    // biome-ignore lint/style/noProcessEnv: the one place where the environment comes in
    environment: process.env,
    input: process.stdin,
    output: process.stdout,
    interrupted: interruption.signal,
  })
}

try {
  process.exitCode = await run()
} catch (error) {
  if (error instanceof ComputeError) process.stderr.write(`${error.problem}\n${error.remedy}\n`)
  else process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = exitCodeOf(error)
}
