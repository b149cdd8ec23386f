// One request at a time a socket: Node hands over all that a socket has sent (HTTP pipelining), so that one of them
// could have thousands of calls carried out whose answers nobody reads. What follows waits until the answer before it is
// taken; meanwhile nothing more is read.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export type OneAtATimeOptions = {
  /** For an answer to be taken, once it is written; then the socket is closed. */
  readonly answerMilliseconds: number
  readonly onClosed: (reason: 'pipelining' | 'unread') => void
}

/** Requests that one packet may hold behind the one under way, as no client in earnest sends them. */
const mostWaiting = 16

export function oneAtATime(listener: RequestListener, options: OneAtATimeOptions): RequestListener {
  /** Of each socket with a request under way, those that wait behind it. */
  const lines = new WeakMap<Socket, (readonly [IncomingMessage, ServerResponse])[]>()

  function begin(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { socket } = incoming
    let unread: NodeJS.Timeout | undefined
    outgoing.once('prefinish', () => {
      unread = setTimeout(() => {
        options.onClosed('unread')
        socket.destroy()
      }, options.answerMilliseconds).unref()
    })
    outgoing.once('close', () => {
      clearTimeout(unread)
      next(socket)
    })
    listener(incoming, outgoing)
  }

  function next(socket: Socket): void {
    const line = lines.get(socket)
    const following = socket.destroyed ? undefined : line?.shift()
    if (following === undefined) {
      lines.delete(socket)
      return
    }
    if (line?.length === 0) socket.resume()
    begin(...following)
  }

  /** Node reads on by itself at the end of each request, and again when the one under way takes its body. */
  function stopReading(socket: Socket): void {
    const pause = (): void => {
      if ((lines.get(socket)?.length ?? 0) > 0) socket.pause()
    }
    process.nextTick(pause)
    setImmediate(pause)
  }

  return (incoming, outgoing) => {
    const { socket } = incoming
    // The rest of what a socket had sent before it was closed.
    if (socket.destroyed) return
    const line = lines.get(socket)
    if (line === undefined) {
      lines.set(socket, [])
      begin(incoming, outgoing)
    } else if (line.length < mostWaiting) {
      line.push([incoming, outgoing])
      stopReading(socket)
    } else {
      options.onClosed('pipelining')
      lines.delete(socket)
      socket.destroy()
    }
  }
}
