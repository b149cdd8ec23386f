// Which headers pass between a caller and a machine: those that are about one hop do not, nor what lets the caller in, nor
// what a machine could do to this whole origin in a browser.
import type { IncomingHttpHeaders } from 'node:http'
import { withoutOurCookie } from './portCookie.ts'
import type { PortPath } from './portPath.ts'

export type Headers = Record<string, string | string[]>

/** RFC 9110, 7.6.1, and what proxies say of themselves. */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]
const saidByProxies = ['forwarded', 'x-real-ip', 'expect', 'http2-settings']
const ofWholeOrigins = [
  'clear-site-data',
  'service-worker-allowed',
  'strict-transport-security',
  'public-key-pins',
  'alt-svc',
  'nel',
  'report-to',
  'reporting-endpoints',
  'origin-agent-cluster',
  'set-cookie2',
]

/** What the machine hears. `isTokenInHeader`: the header Authorization was for us. */
export function requestHeaders(
  headers: IncomingHttpHeaders,
  place: PortPath & { readonly isTokenInHeader: boolean; readonly protocol: 'http' | 'https' },
): Headers {
  const passed = passing(headers, name => saidByProxies.includes(name) || name.startsWith('x-forwarded-'))
  if (place.isTokenInHeader) delete passed.authorization
  const cookie = withoutOurCookie(headers.cookie)
  if (cookie === undefined) delete passed.cookie
  else passed.cookie = cookie
  return {
    ...passed,
    'x-forwarded-prefix': place.prefix,
    'x-forwarded-proto': place.protocol,
    ...(headers.host !== undefined && { 'x-forwarded-host': headers.host }),
  }
}

/** What the caller hears: cookies of the machine are kept to its own port. */
export function answerHeaders(headers: IncomingHttpHeaders, { prefix }: Pick<PortPath, 'prefix'>): Headers {
  const passed = passing(headers, name => ofWholeOrigins.includes(name) || name.startsWith('x-hono-'))
  const cookies = (headers['set-cookie'] ?? []).flatMap(cookie => {
    const kept = cookieOfPort(cookie, prefix)
    return kept === undefined ? [] : [kept]
  })
  delete passed['set-cookie']
  return { ...passed, ...(cookies.length > 0 && { 'set-cookie': cookies }) }
}

/** Undefined for one that would take the place of ours. */
function cookieOfPort(cookie: string, prefix: string): string | undefined {
  const [pair = '', ...attributes] = cookie.split(';')
  if (/^\s*(__[a-z]+-)?worldland/i.test(pair)) return undefined
  const kept = attributes
    .map(attribute => attribute.trim())
    .filter(attribute => !/^(path|domain)\s*(=|$)/i.test(attribute))
  return [pair.trim(), ...kept, `Path=${prefix}/`].join('; ')
}

function passing(headers: IncomingHttpHeaders, isKept: (name: string) => boolean): Headers {
  const named = String(headers.connection ?? '')
    .split(',')
    .map(name => name.trim().toLowerCase())
  const dropped = new Set([...hopByHop, ...named])
  const passed: Headers = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !dropped.has(name) && !isKept(name)) passed[name] = value
  }
  return passed
}
