// One HTTP POST over kept connections, for those who ask the same server all the time.
import * as http from 'node:http'
import * as https from 'node:https'
import { urlToHttpOptions } from 'node:url'

export type Posted = {
  readonly status: number
  readonly retryAfter: string | undefined
  readonly text: string
}

/** Throws when there is no whole answer in time; `TimeoutExceeded` says that it was the time. */
export type Poster = (body: string) => Promise<Posted>

export class TimeoutExceeded extends Error {}

/** Of an answer: more than any block's logs. */
const maxBytes = 64 * 1024 * 1024

export function createPoster(url: string, timeoutMilliseconds: number): Poster {
  const target = new URL(url)
  const { request, Agent } = target.protocol === 'https:' ? https : http
  const agent = new Agent({ keepAlive: true })
  const options = { ...urlToHttpOptions(target), agent, method: 'POST' }
  const post: Poster = body =>
    new Promise((resolve, reject) => {
      let isOver = false
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      const outgoing = request({ ...options, headers }, incoming => {
        const chunks: Buffer[] = []
        let bytes = 0
        incoming.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          bytes += chunk.length
          if (bytes > maxBytes) fail(new Error(`the answer is larger than ${maxBytes} bytes`))
        })
        incoming.on('error', fail)
        incoming.on('end', () => {
          clearTimeout(timer)
          const { statusCode: status = 0, headers } = incoming
          const text = Buffer.concat(chunks).toString()
          resolve({ status, retryAfter: headers['retry-after'], text })
        })
      })
      const timer = setTimeout(
        () => fail(new TimeoutExceeded(`no answer within ${timeoutMilliseconds} ms`)),
        timeoutMilliseconds,
      )
      outgoing.on('error', (reason: NodeJS.ErrnoException) => {
        // A kept connection that the server was just closing: what was sent on it has reached nobody.
        const isStale = outgoing.reusedSocket && reason.code === 'ECONNRESET' && !isOver
        if (!isStale) return fail(reason)
        clearTimeout(timer)
        resolve(post(body))
      })
      outgoing.end(body)

      function fail(reason: Error): void {
        isOver = true
        clearTimeout(timer)
        outgoing.destroy()
        reject(reason)
      }
    })
  return post
}
