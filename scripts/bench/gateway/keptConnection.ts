// One HTTP connection that stays open, one request at a time, over a bare socket: a client library takes as much of a
// processor as what is measured. It reads what a gateway answers to it, and no more of HTTP.
import { connect, type Socket } from 'node:net'

export type Answer = { readonly status: number; readonly text: string }

export type KeptConnection = {
  /** `head`: the request line and the headers, without those of the connection and of the body's length. */
  send(head: string, body?: string): Promise<Answer>
  close(): void
}

const endOfHead = '\r\n\r\n'

export function keepConnection(url: string): KeptConnection {
  const { hostname, port, host } = new URL(url)
  let socket: Socket | undefined
  let asked: { resolve(answer: Answer): void; reject(error: Error): void } | undefined
  let received = ''

  function open(): Socket {
    const opened = connect(Number(port), hostname).setNoDelay(true).setEncoding('latin1')
    const end = (error: Error): void => {
      if (socket === opened) socket = undefined
      asked?.reject(error)
      asked = undefined
    }
    opened.on('error', end)
    opened.on('close', () => end(new Error('The gateway closed the connection')))
    opened.on('data', (chunk: string) => {
      received += chunk
      const answer = readAnswer(received)
      if (answer === undefined) return
      received = ''
      const { resolve } = asked ?? {}
      asked = undefined
      resolve?.(answer)
    })
    return opened
  }

  return {
    send: (head, body = '') =>
      new Promise((resolve, reject) => {
        // One that was idle for too long was closed.
        socket ??= open()
        asked = { resolve, reject }
        socket.write(`${head}\r\nhost: ${host}\r\ncontent-length: ${body.length}${endOfHead}${body}`)
      }),
    close: () => void socket?.destroy(),
  }
}

/** Undefined while it is not whole. */
function readAnswer(received: string): Answer | undefined {
  const end = received.indexOf(endOfHead)
  if (end === -1) return undefined
  const head = received.slice(0, end)
  const status = Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length))
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length === undefined && status !== 204) throw new Error(`An answer without a length: ${head}`)
  const text = received.slice(end + endOfHead.length)
  return text.length < Number(length ?? 0) ? undefined : { status, text }
}
