// The settings that every daemon's HTTP door and log share; each daemon gives its own defaults.
import { z } from 'zod'
import { isAddressOrNetwork } from '../http/callers.ts'
import { logLevels } from '../logger.ts'
import { integer, list, oneOf, text, toggle } from './setting.ts'

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
      describe: 'largest request body; an operation takes up to 18,000',
      fallback: 262_144,
      minimum: 32_768,
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
      describe: 'most open connections; one caller may have a quarter of them',
      fallback: 4096,
      minimum: 1,
      maximum: 65_535,
    }),
    callsPerSecond: integer({
      group,
      describe: 'calls a second from one caller (an address; of IPv6 a /64); 0 for no limit',
      fallback: 500,
      minimum: 0,
      maximum: 1_000_000,
    }),
    bytesPerSecond: integer({
      group,
      describe: 'bytes of request bodies a second from one caller; 0 for no limit',
      fallback: 4_194_304,
      minimum: 0,
      maximum: 1_073_741_824,
    }),
    trustedProxies: list({
      group,
      describe:
        'proxies whose X-Forwarded-For tells who calls: addresses, or networks such as 10.0.0.0/8; without them all behind a proxy share the limits of one',
      item: z.string().refine(isAddressOrNetwork, 'must be IP addresses or networks such as 10.0.0.0/8'),
      fallback: [],
    }),
    allowOpenKeyFiles: toggle({
      group,
      describe:
        'take key files that other accounts may open; else they are refused, but on a read-only mount, as the secrets of containers are',
      fallback: false,
    }),
    logLevel: oneOf({ group, describe: 'least level to log', fallback: 'info', choices: logLevels }),
  }
}
