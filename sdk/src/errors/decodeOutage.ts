// Nobody answered, or not as a JSON-RPC server does: told by the classes of viem's transports.
import type { Failure } from './failure.ts'
import { levelsOf } from './levels.ts'

const remedy =
  'Check the address, and that a node or bundler serves there; then try again. An operation that was already taken is not carried out twice.'

/** Undefined: the failure is about something else. */
export function decodeOutage(failure: unknown): Failure | undefined {
  for (const { name, url, status } of levelsOf(failure)) {
    const problem = problemOf(name, originOf(url), status)
    if (problem !== undefined) return { source: 'network', errorName: String(name), problem, remedy }
  }
  return undefined
}

function problemOf(name: unknown, origin: string, status: unknown): string | undefined {
  switch (name) {
    case 'HttpRequestError':
      return typeof status === 'number'
        ? `${origin} answers with HTTP status ${status}.`
        : `Nothing answers at ${origin}.`
    case 'TimeoutError':
      return `${origin} did not answer in time.`
    case 'WebSocketRequestError':
    case 'SocketClosedError':
      return `The connection to ${origin} broke.`
    default:
      return undefined
  }
}

/** Without path and credentials, where keys are kept. */
function originOf(url: unknown): string {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).origin : 'the RPC address'
}
