// A shell in the machine over a WebSocket, for the page of ours that shows it: it opens by a secret in its first message,
// so that no address holds one. The machine's bytes go to the page as they are; what they mean is for the page.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import type { MachineDriver, MachineSession } from '../../machines/machineDriver.ts'
import type { Admission, Admitted } from '../admission.ts'
import type { Guests } from '../guests.ts'
import { userOf } from '../leaseTerms.ts'
import { isOwnOrigin } from '../ownOrigin.ts'
import { sayNo } from '../ports/portSocket.ts'
import { holdMessages, type Release } from './heldMessages.ts'
import { runShell } from './runShell.ts'

export type TerminalSocketOptions = {
  readonly admission: Admission
  readonly guests: Guests
  readonly driver: Pick<MachineDriver, 'open'>
  readonly publicUrl: () => string
  readonly onError: (error: unknown) => void
}

export type OpenTerminal = (incoming: IncomingMessage, socket: Duplex, head: Buffer, leaseId: bigint) => void

/** Of one message, and of the pieces that it comes in. */
const bounds = { maxPayload: 64 * 1024, maxFragments: 64 }
const mostWaiting = 64
const openingMilliseconds = 30_000
const size = z.int().min(1).max(1_000)
const opening = z.strictObject({ secret: z.string().min(1).max(64), columns: size, rows: size })

export function createTerminalSocket(options: TerminalSocketOptions): OpenTerminal {
  const { admission, guests, driver, publicUrl, onError } = options
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    ...bounds,
  })
  let waiting = 0

  async function admit(leaseId: bigint, secret: string): Promise<Admitted | string> {
    const byPassword = await admission.admit(leaseId, { password: secret })
    if (byPassword.ok) return byPassword.value
    const byToken = await admission.admit(leaseId, { token: secret })
    return byToken.ok ? byToken.value : byToken.refusal.message
  }

  async function open(socket: WebSocket, leaseId: bigint, message: string, release: Release): Promise<void> {
    const read = opening.safeParse(parse(message))
    if (!read.success) return close(socket, 'The first message is not { secret, columns, rows }')
    const { secret, columns, rows } = read.data
    const guest = await admit(leaseId, secret)
    if (typeof guest === 'string') return close(socket, guest)
    let session: MachineSession | undefined
    const putOut = (): void => {
      session?.end()
      close(socket, 'Your right to this lease has ended')
    }
    const leave = guests.enter({ ...guest, putOut })
    if (leave === undefined) return close(socket, 'Too many connections into this machine: close some')
    socket.once('close', leave)
    const opened = await driver.open(userOf(leaseId), { terminal: { columns, rows, kind: 'xterm' } })
    if (!opened.ok) return close(socket, opened.refusal.message)
    session = opened.value
    if (socket.readyState !== socket.OPEN) return session.end()
    socket.send(JSON.stringify({ kind: 'open' }))
    await runShell(socket, session, release)
    close(socket, 'The shell has ended')
  }

  function welcome(socket: WebSocket, leaseId: bigint): void {
    waiting++
    const late = setTimeout(() => close(socket, 'No secret came in time'), openingMilliseconds).unref()
    socket.on('error', () => socket.terminate())
    let isCounted = true
    const uncount = (): void => {
      clearTimeout(late)
      if (isCounted) waiting--
      isCounted = false
    }
    socket.once('close', uncount)
    socket.once('message', (data, isBinary) => {
      uncount()
      if (isBinary) return close(socket, 'The first message is text')
      open(socket, leaseId, data.toString(), holdMessages(socket)).catch(error => {
        onError(error)
        close(socket, 'The machine cannot be entered now: try again later')
      })
    })
  }

  return (incoming, socket, head, leaseId) => {
    if (!isOwnOrigin(incoming, publicUrl())) return sayNo(socket, 403)
    if (waiting >= mostWaiting) return sayNo(socket, 429)
    server.handleUpgrade(incoming, socket, head, accepted => welcome(accepted, leaseId))
  }
}

/** The page shows why; the reason of a WebSocket's end has room for 123 bytes alone. */
function close(socket: WebSocket, why: string): void {
  if (socket.readyState !== socket.OPEN) return
  socket.resume()
  socket.send(JSON.stringify({ kind: 'closed', why }))
  socket.close(1000)
  setTimeout(() => socket.terminate(), 2_000).unref()
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
