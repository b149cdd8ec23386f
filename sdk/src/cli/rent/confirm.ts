// Asks before money is spent; without a terminal to ask at, only --yes agrees.
import { createInterface } from 'node:readline/promises'
import type { Surroundings } from './surroundings.ts'
import { UsageError } from './usageError.ts'

export async function confirm(question: string, { input, output }: Surroundings): Promise<boolean> {
  if (!('isTTY' in input) || input.isTTY !== true) {
    throw new UsageError('There is no terminal to ask at: say --yes to agree beforehand.')
  }
  const terminal = createInterface({ input, output })
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim())
  } finally {
    terminal.close()
  }
}
