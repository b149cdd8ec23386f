// A TCP connection between two nodes that the test can cut, and mend.

import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

export type TcpLink = { readonly port: number; cut(): void; mend(): void; close(): Promise<void> }

/** Listens on a port of loopback, and passes on what comes to `port`. */
export async function openTcpLink(port: number): Promise<TcpLink> {
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer(incoming => {
    if (isCut) {
      incoming.destroy()
      return
    }
    const outgoing = connect(port, '127.0.0.1')
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const drop = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true
      drop()
    },
    mend() {
      isCut = false
    },
    async close() {
      drop()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
