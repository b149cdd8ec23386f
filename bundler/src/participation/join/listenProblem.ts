// May this machine listen where others are to reach it? Whether they do get through is seen once peers dial in.
import { createServer } from 'node:net'

/** `/ip4/0.0.0.0/tcp/4340`, `/ip6/::/tcp/4340`: the two forms that TCP listens on. */
const listenPattern = /^\/(?:ip4|ip6)\/([^/]+)\/tcp\/(\d{1,5})$/

export async function listenProblem(multiaddr: string): Promise<string | undefined> {
  const [, host, port] = listenPattern.exec(multiaddr) ?? []
  if (host === undefined || Number(port) > 65_535) {
    return `${multiaddr} is not an address to listen on: write /ip4/0.0.0.0/tcp/4340`
  }
  const code = await new Promise<string | undefined>(resolve => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ host, port: Number(port), exclusive: true }, () => server.close(() => resolve(undefined)))
  })
  if (code === undefined) return undefined
  if (code === 'EADDRINUSE') return `port ${port} is taken by another program: give another by --p2p-listen`
  return `cannot listen on ${multiaddr} (${code}): give another by --p2p-listen`
}
