// What a request carries to say who calls, beside where it comes from: an API key, and the page that a browser names.
// A daemon that has keys judges it (`Identify`); one that has none passes it on.
import type { IncomingMessage } from 'node:http'
import type { Refusal, Result } from '../result.ts'

export type Credentials = {
  /** Never to be logged. */
  readonly key?: string
  readonly origin?: string
}

/** Whose limits a call counts against, where that is a key's and not an address's. */
export type Identity = {
  readonly caller: string
  readonly apiKeyId?: string
  /** Takes so many calls of what the key has left, or says why not; absent, the door's own limit holds. */
  admit?(calls: number): Refusal | undefined
}

/** `address`: of IPv6 the /64 that one customer is given. */
export type Identify = (credentials: Credentials, address: string) => Result<Identity>

/** Longer than any key there is; what is longer yet is cut, and so fits none. */
const mostKeyCharacters = 256
const mostOriginCharacters = 512

/** As clients give a key: a header of its own, a bearer token, or `?apikey=` in the URL. */
export function readCredentials({
  headers,
  url = '',
}: Pick<IncomingMessage, 'headers' | 'url'>): Credentials {
  const given = first(headers['x-api-key']) ?? bearerToken(headers.authorization) ?? queryKey(url)
  // What no key holds, no header may hold either, where it is passed on.
  const key = given?.slice(0, mostKeyCharacters).replace(/[^!-~]/g, '')
  const { origin } = headers
  return {
    ...(key && { key }),
    ...(origin !== undefined && { origin: origin.slice(0, mostOriginCharacters) }),
  }
}

function first(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}

function bearerToken(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /^Bearer +(\S+)$/i.exec(header)?.[1]
}

function queryKey(url: string): string | undefined {
  const query = url.indexOf('?')
  if (query === -1) return undefined
  const parameters = new URLSearchParams(url.slice(query + 1))
  for (const [name, value] of parameters) if (name.toLowerCase() === 'apikey') return value
  return undefined
}
