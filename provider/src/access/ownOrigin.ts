// Whether a browser's page that calls is one of this provider's own door, and not somebody else's that rides on a cookie.
import type { IncomingMessage } from 'node:http'

export function isOwnOrigin({ headers }: Pick<IncomingMessage, 'headers'>, publicUrl: string): boolean {
  const { origin, host } = headers
  if (origin === undefined || !URL.canParse(origin)) return false
  return origin === new URL(publicUrl).origin || new URL(origin).host === host
}
