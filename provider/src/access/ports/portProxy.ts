// Hands a request on to a machine's port and its answer back, piece by piece, until one of them has enough or the guest's
// right ends.
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { Guests } from '../guests.ts'
import type { PortCall } from './portGate.ts'
import { answerHeaders, requestHeaders } from './proxyHeaders.ts'

export type PortProxyOptions = {
  readonly guests: Guests
  readonly publicUrl: () => string
}

/** Without a byte either way. Long polls are shorter. */
const idleMilliseconds = 10 * 60_000

/** Resolves when the answer has gone out, or cannot. */
export async function proxyToPort(
  call: PortCall,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { guests, publicUrl }: PortProxyOptions,
): Promise<void> {
  const leave = guests.enter({ ...call.guest, putOut: () => incoming.socket.destroy() })
  if (leave === undefined) return refuse(outgoing, 429, 'Too many connections into this machine: close some')
  const closed = new Promise<void>(resolve => outgoing.once('close', resolve))
  const { path, isTokenInHeader, target } = call
  const protocol = publicUrl().startsWith('https:') ? 'https' : 'http'
  const onward = request({
    ...target,
    method: incoming.method,
    path: path.rest === '' ? '/' : path.rest,
    headers: {
      ...requestHeaders(incoming.headers, { ...path, isTokenInHeader, protocol }),
      // Framed anew; without it, Node would send the body of some methods bare, to be read as another request.
      ...(incoming.headers['transfer-encoding'] !== undefined && { 'transfer-encoding': 'chunked' }),
    },
    setHost: false,
    agent: false,
    timeout: idleMilliseconds,
  })
  onward.once('response', answer => {
    // What a machine may not say, such as a status that is none, ends its answer and not this daemon.
    try {
      outgoing.writeHead(answer.statusCode ?? 502, answerHeaders(answer.headers, path))
    } catch {
      answer.destroy()
      return refuse(outgoing, 502, 'The machine answered with what is no HTTP')
    }
    answer.once('error', () => outgoing.destroy())
    answer.once('aborted', () => outgoing.destroy())
    answer.pipe(outgoing)
  })
  onward.once('timeout', () => onward.destroy())
  onward.once('error', () =>
    refuse(outgoing, 502, 'Nothing answers at this port of the machine: is it listening?'),
  )
  outgoing.once('close', () => onward.destroy())
  incoming.once('error', () => onward.destroy())
  incoming.pipe(onward)
  await closed
  leave()
}

export function refuse(outgoing: ServerResponse, status: number, message: string): void {
  if (outgoing.headersSent) return void outgoing.destroy()
  const body = JSON.stringify({ error: message })
  outgoing.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(body)
}
