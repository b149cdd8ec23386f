// A TCP link that can be cut: what a bundler has when its node restarts or a cable is pulled.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type BrittleLink = {
  readonly url: string
  /** Breaks every connection; new ones are refused. */
  cut(): Promise<void>
  mend(): Promise<void>
  stop(): Promise<void>
}

export async function startBrittleLink(targetUrl: string): Promise<BrittleLink> {
  const { hostname, port } = new URL(targetUrl)
  const sockets = new Set<Socket>()
  const server = createServer(near => {
    const far = connect(Number(port), hostname)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  const listen = (onPort: number): Promise<void> =>
    new Promise(resolve => server.listen(onPort, '127.0.0.1', resolve))
  async function cut(): Promise<void> {
    if (!server.listening) return
    const closed = new Promise(resolve => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await listen(0)
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut,
    mend: () => listen(address.port),
    stop: cut,
  }
}
