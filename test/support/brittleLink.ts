// A TCP link that can be cut: what a bundler has when its node restarts or a cable is pulled.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type BrittleLink = {
  readonly url: string
  /** Breaks every connection and takes no new one. */
  cut(): void
  mend(): void
  stop(): Promise<void>
}

export async function startBrittleLink(targetUrl: string): Promise<BrittleLink> {
  const { hostname, port } = new URL(targetUrl)
  const sockets = new Set<Socket>()
  let whole = true
  const server = createServer(near => {
    if (!whole) {
      near.destroy()
      return
    }
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
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address() as AddressInfo
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut() {
      whole = false
      breakAll()
    },
    mend() {
      whole = true
    },
    async stop() {
      breakAll()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
