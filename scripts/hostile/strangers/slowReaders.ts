// Writes many requests down one socket and reads no answer.
import { connect } from 'node:net'
import type { House } from '../house.ts'
import type { Stranger } from './stranger.ts'

const requests = 200
const heldMilliseconds = 5_000
const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_supportedEntryPoints', params: [] })
const request = `POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`

export function slowReaders({ devnet }: House): Stranger {
  const { hostname, port } = new URL(devnet.bundlerUrl)
  return {
    name: 'sockets never read',
    everyMilliseconds: 1_000,
    act: () =>
      new Promise(resolve => {
        const socket = connect({ host: hostname, port: Number(port) })
        const timer = setTimeout(() => end('held'), heldMilliseconds)
        const end = (outcome: string): void => {
          clearTimeout(timer)
          socket.destroy()
          resolve(outcome)
        }
        socket.pause()
        socket.once('error', () => end('closed'))
        socket.once('close', () => end('closed'))
        socket.write(request.repeat(requests))
      }),
  }
}
