// One logger per stage, named by it; anything that smells of a key is redacted.
import pino, { type DestinationStream, type Logger } from 'pino'

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
      serializers: { error: pino.stdSerializers.err, err: pino.stdSerializers.err },
      base: { name: options.name },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination,
  )
}
