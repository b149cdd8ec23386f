// One logger per stage, named by it; anything that smells of a key is redacted.
import pino, { type DestinationStream, type Logger } from 'pino'
import { Outage } from './outage.ts'
import { reasonOf } from './reasonOf.ts'

export type { Logger } from 'pino'

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

const secretPaths = ['privateKey', 'mnemonic', 'secret', 'password', 'authorization', 'executorKeys'].flatMap(
  name => [name, `*.${name}`, `*.*.${name}`],
)

/** A JSON-lines logger on stderr, so that stdout stays free for a command's own answer. */
export function createLogger(
  options: { name: string; level: LogLevel },
  destination: DestinationStream = pino.destination({ dest: 2, sync: true }),
): Logger {
  return pino(
    {
      name: options.name,
      level: options.level,
      redact: { paths: secretPaths, censor: '[redacted]' },
      serializers: { error: describeError, err: describeError },
      base: { name: options.name },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination,
  )
}

/** Of a node's error: it may hold the whole request, and a reverting call's data. */
const mostReasonCharacters = 1_000

/** What failed and why. Where it is no bug of ours but a node that failed, its request and the stack tell nothing more. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const reason = reasonOf(error)
  const message = reason.length > mostReasonCharacters ? `${reason.slice(0, mostReasonCharacters)} …` : reason
  const isForeign = 'shortMessage' in error || error instanceof Outage
  const code = 'code' in error ? { code: error.code } : {}
  return { type: error.name, message, ...code, ...(isForeign ? {} : { stack: error.stack }) }
}
