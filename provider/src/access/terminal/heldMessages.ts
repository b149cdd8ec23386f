// What a page sends before its shell is there: few messages, kept in order, for what was typed ahead must not be lost.
import type { RawData, WebSocket } from 'ws'

export type Hear = (data: RawData, isBinary: boolean) => void
/** Hands over what was held, and all that comes. */
export type Release = (hear: Hear) => void

const mostHeld = 64

export function holdMessages(socket: WebSocket): Release {
  const held: Parameters<Hear>[] = []
  let hearing: Hear | undefined
  socket.on('message', (data, isBinary) => {
    if (hearing !== undefined) hearing(data, isBinary)
    else if (held.push([data, isBinary]) > mostHeld) socket.terminate()
  })
  // What came with the first one in the same packet comes nevertheless.
  socket.pause()
  return hear => {
    hearing = hear
    for (const message of held.splice(0)) hear(...message)
    socket.resume()
  }
}
