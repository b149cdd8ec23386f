// No caller takes all the connections: each has a share of them, and whoever comes through a trusted proxy has none of
// his own.
import type { Socket } from 'node:net'
import { type Callers, networkOf } from './callers.ts'

/** A listener for new connections, which closes those beyond their caller's share. */
export function connectionShares(options: {
  readonly mostPerCaller: number
  readonly callers: Pick<Callers, 'isTrusted'>
  readonly onClosed: () => void
}): (socket: Socket) => void {
  const { mostPerCaller, callers, onClosed } = options
  const counts = new Map<string, number>()
  return socket => {
    const address = socket.remoteAddress
    // One without an address is gone already.
    if (address === undefined || callers.isTrusted(address)) return
    const caller = networkOf(address)
    const count = counts.get(caller) ?? 0
    if (count >= mostPerCaller) {
      onClosed()
      socket.destroy()
      return
    }
    counts.set(caller, count + 1)
    socket.once('close', () => {
      const left = (counts.get(caller) ?? 1) - 1
      if (left === 0) counts.delete(caller)
      else counts.set(caller, left)
    })
  }
}
