// The settings that every daemon's HTTP door and log share; each daemon gives its own defaults.
import { logLevels } from '../logger.ts'
import { integer, oneOf, text } from './setting.ts'

export function serverSettings(defaults: { port: number }) {
  const group = 'Server'
  return {
    host: text({ group, describe: 'address to listen on', fallback: '127.0.0.1' }),
    port: integer({
      group,
      describe: 'port to listen on; 0 takes any free one',
      fallback: defaults.port,
      minimum: 0,
      maximum: 65_535,
    }),
    maxBodyBytes: integer({
      group,
      describe: 'largest request body',
      fallback: 1_048_576,
      minimum: 16_384,
      maximum: 67_108_864,
    }),
    maxBatchLength: integer({
      group,
      describe: 'most calls in one JSON-RPC batch',
      fallback: 100,
      minimum: 1,
      maximum: 10_000,
    }),
    maxConnections: integer({
      group,
      describe: 'most open connections',
      fallback: 4096,
      minimum: 1,
      maximum: 65_535,
    }),
    callsPerSecond: integer({
      group,
      describe: 'calls a second from one address (a bundler that forwards counts as one); 0 for no limit',
      fallback: 500,
      minimum: 0,
      maximum: 1_000_000,
    }),
    logLevel: oneOf({ group, describe: 'least level to log', fallback: 'info', choices: logLevels }),
  }
}
