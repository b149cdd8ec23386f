// The command line of `npm run hostile`.
import { parseArgs } from 'node:util'
import { accept, type Result, refuse } from '@worldland-aa/service/result'

export type HostileOptions = { readonly minutes: number; readonly strength: number; readonly json: boolean }

export const help = `npm run hostile -- [options]

Strangers beside honest people on a devnet of its own: requests never sent, inflated fields, revoked allowances,
expiries, foreign bundles, stuck fees, hard work, sockets never read, junk. First quiet, then hostile, then twice as
hostile. Prints what honest people got and what it cost the operator; ends with 1 when a promise was broken.

  --minutes <number>    how long in all                          (default 10)
  --strength <number>   how often strangers act in the second part, times their own pace (default 1)
  --json                one JSON object instead of the report
  --help
`

const usageCode = 64 // EX_USAGE of sysexits.h
const mostMinutes = 120
const mostStrength = 20

/** `undefined` asks for the help text. */
export function readHostileOptions(argv: readonly string[]): Result<HostileOptions | undefined> {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        minutes: { type: 'string', default: '10' },
        strength: { type: 'string', default: '1' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return accept(undefined)
    const minutes = within('--minutes', values.minutes, mostMinutes)
    const strength = within('--strength', values.strength, mostStrength)
    return accept({ minutes, strength, json: values.json })
  } catch (error) {
    return refuse({ code: usageCode, message: error instanceof Error ? error.message : String(error) })
  }
}

function within(flag: string, text: string, most: number): number {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0 && value <= most) return value
  throw new Error(`${flag} ${text} is not a number above 0 and up to ${most}`)
}
