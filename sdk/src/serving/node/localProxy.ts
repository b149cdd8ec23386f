// For clients that know only a base URL and an API key, such as RunPod's: listens on this machine, lets in who has the local
// key, pays by vouchers, and passes everything else on as it is. Node only.
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { Fetch } from '../laneTokenFetch.ts'
import { VoucherNotSignedError } from '../voucherNotSigned.ts'

export type LocalProxy = {
  /** For the client: in the place of the provider's. */
  readonly url: string
  stop(): Promise<void>
}

const mostBodyBytes = 32 * 1_048_576
const mostRequestsAtOnce = 256
/** Of one connection, or said anew by the server that passes it on. */
const notPassedOn = new Set([
  ...['authorization', 'connection', 'content-length', 'expect', 'host', 'keep-alive', 'proxy-authorization'],
  ...[
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'content-encoding',
    'accept-encoding',
    'proxy-connection',
  ],
])

export async function startLocalProxy(options: {
  /** Where the provider serves; with or without `/v2` at its end. */
  readonly providerUrl: string
  readonly apiKey: string
  readonly fetch: Fetch
  /** 0: any free one. */
  readonly port: number
  readonly host?: '127.0.0.1' | '::1' | undefined
}): Promise<LocalProxy> {
  const { apiKey, fetch, port, host = '127.0.0.1' } = options
  const target = options.providerUrl.replace(/(?:\/v2)?\/*$/, '')
  const ownKey = digest(apiKey)
  let underWay = 0

  function isAllowed({ headers }: IncomingMessage): boolean {
    // RunPod's own worker names no scheme.
    const given = (headers.authorization ?? '').replace(/^Bearer +/i, '')
    return timingSafeEqual(digest(given), ownKey)
  }

  async function passOn(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readBody(incoming)
    if (body === undefined) return answer(outgoing, 413, `A request may have ${mostBodyBytes} bytes`)
    const abort = new AbortController()
    outgoing.once('close', () => abort.abort())
    const response = await fetch(`${target}${incoming.url ?? '/'}`, {
      method: incoming.method ?? 'GET',
      headers: headersOf(incoming),
      signal: abort.signal,
      redirect: 'manual',
      ...(body.length > 0 && { body: new Uint8Array(body) }),
    })
    const headers = [...response.headers].filter(([name]) => !notPassedOn.has(name))
    outgoing.writeHead(response.status, Object.fromEntries(headers))
    if (response.body === null) outgoing.end()
    else await pipeline(Readable.fromWeb(response.body as ReadableStream), outgoing)
  }

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (!isAllowed(incoming)) {
      return answer(outgoing, 401, 'The API key is not the one that worldland-pay was started with')
    }
    if (underWay >= mostRequestsAtOnce) {
      return answer(outgoing, 429, `${mostRequestsAtOnce} requests are under way: try again`)
    }
    underWay++
    try {
      await passOn(incoming, outgoing)
    } catch (error) {
      if (error instanceof VoucherNotSignedError) answer(outgoing, 402, error.message)
      else answer(outgoing, 502, `The provider ${target} does not answer`)
    } finally {
      underWay--
    }
  }

  const server = createServer({ requestTimeout: 60_000 }, (incoming, outgoing) => {
    incoming.on('error', () => outgoing.destroy())
    void serve(incoming, outgoing)
  })
  await listen(server, port, host)
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${host === '::1' ? '[::1]' : host}:${taken}`,
    async stop() {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Whole, for it may have to be sent again with a voucher; undefined: it is too large. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > mostBodyBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function headersOf({ headers }: IncomingMessage): Headers {
  const passed = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !notPassedOn.has(name)) passed.set(name, String(value))
  }
  return passed
}

function answer(outgoing: ServerResponse, status: number, error: string): void {
  if (outgoing.headersSent) {
    outgoing.destroy()
    return
  }
  outgoing.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
  outgoing.end(JSON.stringify({ error }))
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
