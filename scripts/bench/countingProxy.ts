// Stands between a bundler and its node and counts the JSON-RPC calls, so that any bundler's appetite
// can be measured without its help.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type CountingProxy = {
  readonly url: string
  /** Calls passed on so far; each element of a batch counts. */
  total(): number
  /** The same by method, most frequent first. */
  byMethod(): Readonly<Record<string, number>>
  stop(): Promise<void>
}

export async function startCountingProxy(targetUrl: string): Promise<CountingProxy> {
  const counts = new Map<string, number>()
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks)
      count(body.toString(), counts)
      passOn({ targetUrl, incoming, body, outgoing })
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    total: () => [...counts.values()].reduce((sum, calls) => sum + calls, 0),
    byMethod: () => Object.fromEntries([...counts].sort(([, some], [, other]) => other - some)),
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function passOn(options: {
  targetUrl: string
  incoming: IncomingMessage
  body: Buffer
  outgoing: ServerResponse
}): void {
  const { targetUrl, incoming, body, outgoing } = options
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  const passed = request(targetUrl, { method: incoming.method, headers }, answer => {
    outgoing.writeHead(answer.statusCode ?? 502, { 'content-type': 'application/json' })
    answer.pipe(outgoing)
  })
  passed.on('error', () => {
    if (outgoing.headersSent) outgoing.destroy()
    else outgoing.writeHead(502).end()
  })
  passed.end(body)
}

function count(body: string, counts: Map<string, number>): void {
  try {
    const parsed: unknown = JSON.parse(body)
    for (const call of Array.isArray(parsed) ? parsed : [parsed]) {
      const method = String((call as { method?: unknown }).method)
      counts.set(method, (counts.get(method) ?? 0) + 1)
    }
  } catch {
    // Not JSON: the node will say so.
  }
}
