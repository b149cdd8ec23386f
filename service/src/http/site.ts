// What a daemon serves beside JSON-RPC: a site of its own under a path, within the same limits for each caller. It hears
// of a request once its body is whole, and says by itself to which pages of other origins it answers.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Callers } from './callers.ts'
import type { TurnedAway } from './doorMetrics.ts'
import type { RateLimiter } from './rateLimiter.ts'
import { readBody } from './readBody.ts'
import type { UnderWay } from './underWay.ts'

export type SiteBindings = { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse }

export type Site = {
  /** Served are it and all below it: `/console`. */
  readonly path: string
  answer(request: Request, bindings: SiteBindings): Response | Promise<Response>
  /** How it says no where a limit does, in its own shape. */
  refuse(status: 413 | 429, message: string): Response
}

type Limits = {
  readonly callers: Pick<Callers, 'callerOf'>
  readonly bytes: RateLimiter
  readonly underWay: UnderWay
  readonly maxBodyBytes: number
  readonly turnedAway: TurnedAway
}

export function siteAt(sites: readonly Site[], path: string): Site | undefined {
  return sites.find(site => path === site.path || path.startsWith(`${site.path}/`))
}

export async function answerBySite(
  site: Site,
  request: Request,
  bindings: SiteBindings,
  limits: Limits,
): Promise<Response> {
  const { callers, bytes, underWay, maxBodyBytes, turnedAway } = limits
  const { incoming } = bindings
  if (request.method === 'GET' || request.method === 'HEAD') return await site.answer(request, bindings)
  const caller = callers.callerOf(incoming)
  const place = underWay.begin(caller)
  if (place === undefined) {
    turnedAway('busy')
    return site.refuse(429, 'Too much is under way: try again when an answer has come')
  }
  try {
    const body = await readBody(incoming, {
      maxBytes: maxBodyBytes,
      admit: length => place.grow(length) && bytes.take(caller, length),
    })
    if (body.kind === 'tooLarge') {
      turnedAway('size')
      return site.refuse(413, `The body is larger than ${maxBodyBytes} bytes`)
    }
    if (body.kind === 'refused') {
      turnedAway('bytes')
      return site.refuse(429, 'Too many bytes from your address: try again in a second')
    }
    // Nobody hears this.
    if (body.kind === 'gone') return new Response(null, { status: 400 })
    const { method, headers, signal } = request
    const whole = new Request(request.url, { method, headers, signal, body: body.text || null })
    return await site.answer(whole, bindings)
  } finally {
    place.end()
  }
}
