// WebSockets, and whatever else upgrades, to a machine's port: once the machine has agreed, bytes go both ways as they are.
import { type IncomingMessage, request } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Guests } from '../guests.ts'
import type { PortCall, PortGate } from './portGate.ts'
import { answerHeaders, type Headers, requestHeaders } from './proxyHeaders.ts'

export type PortSocketOptions = {
  readonly gate: PortGate
  readonly guests: Guests
  readonly publicUrl: () => string
}

/** For the machine to agree. */
const answerMilliseconds = 30_000

/** Throws where the node does not answer. */
export async function upgradeToPort(
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  { gate, guests, publicUrl }: PortSocketOptions,
): Promise<void> {
  const judged = await gate(incoming)
  if (!judged.ok) return sayNo(socket, judged.refusal.status)
  const leave = guests.enter({ ...judged.value.guest, putOut: () => socket.destroy() })
  if (leave === undefined) return sayNo(socket, 429)
  socket.once('close', leave)
  if (socket.destroyed) return leave()
  join(judged.value, { incoming, socket, head, isSecure: publicUrl().startsWith('https:') })
}

function join(
  call: PortCall,
  from: { incoming: IncomingMessage; socket: Duplex; head: Buffer; isSecure: boolean },
): void {
  const { incoming, socket, head, isSecure } = from
  const { path, isTokenInHeader, target } = call
  const protocol = isSecure ? 'https' : 'http'
  const onward = request({
    ...target,
    method: 'GET',
    path: path.rest === '' ? '/' : path.rest,
    headers: {
      ...requestHeaders(incoming.headers, { ...path, isTokenInHeader, protocol }),
      connection: 'Upgrade',
      upgrade: incoming.headers.upgrade ?? 'websocket',
    },
    setHost: false,
    agent: false,
    timeout: answerMilliseconds,
  })
  onward.once('upgrade', (answer, machine, machineHead) => {
    machine.setTimeout(0)
    const headers = {
      ...answerHeaders(answer.headers, path),
      connection: 'Upgrade',
      upgrade: answer.headers.upgrade ?? '',
    }
    socket.write(headOf('101 Switching Protocols', headers))
    if (machineHead.length > 0) socket.write(machineHead)
    if (head.length > 0) machine.write(head)
    machine.on('error', () => socket.destroy())
    machine.once('close', () => socket.destroy())
    socket.once('close', () => machine.destroy())
    machine.pipe(socket).pipe(machine)
  })
  onward.once('response', answer => {
    answer.destroy()
    sayNo(socket, answer.statusCode ?? 502)
  })
  onward.once('timeout', () => onward.destroy())
  onward.once('error', () => sayNo(socket, 502))
  socket.once('close', () => onward.destroy())
  onward.end()
}

export function sayNo(socket: Duplex, status: number): void {
  if (!socket.destroyed)
    socket.end(headOf(`${status} Refused`, { connection: 'close', 'content-length': '0' }))
}

function headOf(status: string, headers: Headers): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map(one => `${name}: ${one}`),
  )
  return `HTTP/1.1 ${[status, ...lines].join('\r\n')}\r\n\r\n`
}
