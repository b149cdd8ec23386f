// One POST to somebody else's URL: to the very address that was checked, with a time limit and a bound on the answer,
// following nobody anywhere. For webhooks and for whoever else must ask a URL that a person typed.
import { type IncomingMessage, request as requestByHttp } from 'node:http'
import { request as requestByHttps } from 'node:https'
import { accept, type Result, refuse } from '../result.ts'
import {
  type AddressRules,
  type ResolvedAddress,
  readOutgoingUrl,
  resolvePublicAddress,
} from './publicAddress.ts'

export type GuardedPost = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** For all of it: looking the name up, connecting, sending, and the answer to its end. */
  readonly timeoutMilliseconds: number
  /** Of the answer; what is longer is cut off. */
  readonly mostAnswerBytes: number
  readonly rules: AddressRules
  readonly signal?: AbortSignal
}

export type GuardedAnswer = {
  readonly status: number
  readonly text: string
  /** There was more than is told. */
  readonly isCut: boolean
}

/** EIP-1474 "resource unavailable". */
const unavailable = -32002

/** Refuses, with a sentence, what must not be asked and what does not answer; never throws. */
export async function postGuarded(post: GuardedPost): Promise<Result<GuardedAnswer>> {
  const read = readOutgoingUrl(post.url, post.rules)
  if (!read.ok) return read
  const patience = AbortSignal.timeout(post.timeoutMilliseconds)
  const signal = post.signal === undefined ? patience : AbortSignal.any([post.signal, patience])
  const late = new Promise<undefined>(resolve => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  const resolved = await Promise.race([resolvePublicAddress(read.value, post.rules), late])
  if (resolved === undefined) return tooLate(post)
  if (!resolved.ok) return resolved
  try {
    return accept(await send(read.value, resolved.value, post, signal))
  } catch (error) {
    if (signal.aborted) return tooLate(post)
    return refuse({ code: unavailable, message: `The endpoint does not answer: ${reasonOf(error)}` })
  }
}

function send(
  url: URL,
  at: ResolvedAddress,
  { headers, body, mostAnswerBytes }: GuardedPost,
  signal: AbortSignal,
): Promise<GuardedAnswer> {
  const request = url.protocol === 'https:' ? requestByHttps : requestByHttp
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        // No connection of another request's, which may have been made under another name.
        agent: false,
        // The name was looked up and checked: a second look might find something else.
        lookup: (_, options, callback) => {
          if (options.all === true) callback(null, [at])
          else callback(null, at.address, at.family)
        },
        signal,
      },
      incoming => {
        readAnswer(incoming, mostAnswerBytes).then(answer => {
          resolve(answer)
          outgoing.destroy()
        }, reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

async function readAnswer(incoming: IncomingMessage, mostBytes: number): Promise<GuardedAnswer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > mostBytes) break
  }
  const text = Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8')
  return { status: incoming.statusCode ?? 0, text, isCut: bytes > mostBytes }
}

function tooLate({ timeoutMilliseconds }: GuardedPost): Result<never> {
  return refuse({
    code: unavailable,
    message: `The endpoint did not answer within ${timeoutMilliseconds / 1000} seconds`,
  })
}

/** Node's own words name addresses, which whoever may set a URL need not be told. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return typeof code === 'string' ? code : String(message)
}
