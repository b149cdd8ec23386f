// `ssh -L`: to the machine's own ports and to nothing else, whatever host the client names.
import { connect, type Socket } from 'node:net'
import type { ServerChannel, TcpipRequestInfo } from 'ssh2'
import type { MachineDriver } from '../../machines/machineDriver.ts'

const ownNames = new Set(['localhost', '127.0.0.1', '::1'])

export type ForwardingOptions = {
  readonly driver: Pick<MachineDriver, 'find'>
  readonly machineKey: string
}

/** Undefined where the machine has no such port, or does not run. */
export async function findPort(
  { driver, machineKey }: ForwardingOptions,
  port: number,
): Promise<{ readonly host: string; readonly port: number } | undefined> {
  const machine = await driver.find(machineKey)
  if (machine?.state !== 'running') return undefined
  return Object.hasOwn(machine.ports, port) ? machine.ports[port] : undefined
}

/** A connection to what the client asks for; undefined where that is not the machine's own, or nothing listens there. */
export async function forward(
  options: ForwardingOptions,
  { destIP, destPort }: Pick<TcpipRequestInfo, 'destIP' | 'destPort'>,
): Promise<Socket | undefined> {
  const target = ownNames.has(destIP) ? await findPort(options, destPort) : undefined
  if (target === undefined) return undefined
  const socket = connect(target)
  return await new Promise(resolve => {
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => resolve(undefined))
  })
}

export function joinPort(channel: ServerChannel, socket: Socket): void {
  channel.on('error', () => undefined)
  channel.once('close', () => socket.destroy())
  socket.on('error', () => channel.close())
  socket.once('close', () => channel.close())
  socket.pipe(channel).pipe(socket)
}
