// Stands between a bundler and its node and counts the JSON-RPC calls, so that any bundler's appetite
// can be measured without its help.
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export type CountingProxy = {
  readonly url: string
  /** Calls passed on so far, by method; each element of a batch counts. */
  counts(): ReadonlyMap<string, number>
  total(): number
  stop(): Promise<void>
}

export async function startCountingProxy(targetUrl: string): Promise<CountingProxy> {
  const target = new URL(targetUrl)
  const counts = new Map<string, number>()
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks)
      count(body.toString(), counts)
      const passed = request(
        { host: target.hostname, port: target.port, path: target.pathname, method: incoming.method, headers: { 'content-type': 'application/json', 'content-length': body.length } },
        answer => {
          outgoing.writeHead(answer.statusCode ?? 502, { 'content-type': 'application/json' })
          answer.pipe(outgoing)
        },
      )
      passed.on('error', () => outgoing.writeHead(502).end())
      passed.end(body)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    counts: () => counts,
    total: () => [...counts.values()].reduce((sum, calls) => sum + calls, 0),
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
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
