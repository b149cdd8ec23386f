// Why a door could not be opened, for whoever gave its address: an end that a service manager may try again.
import { ExitError, exitCodes } from '../cli/exitCodes.ts'

export type Door = {
  /** Such as `the bundler`; begins the sentence. */
  readonly name: string
  readonly host: string
  readonly port: number
  readonly hostFlag: string
  readonly portFlag: string
}

/** `error` is what the server's `error` event brought. */
export function listenProblem(door: Door, error: unknown): ExitError {
  return new ExitError(exitCodes.unavailable, `${door.name} cannot listen: ${why(door, error)}`)
}

function why({ host, port, hostFlag, portFlag }: Door, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use: stop what uses it, or choose another with ${portFlag}`
    case 'EACCES':
      return `port ${port} is for root alone: choose one above 1023 with ${portFlag}, and let a proxy listen on ${port}`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is no address of this machine: choose another with ${hostFlag}, such as 127.0.0.1, or 0.0.0.0 for all`
    default:
      return `${host}:${port}: ${code ?? message}`
  }
}
