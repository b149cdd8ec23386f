// Whether the program in a machine answers yet, where its renter asked that this be seen before the meter begins.
import { request } from 'node:http'
import { connect } from 'node:net'
import type { RentalRequest } from '@worldland-aa/sdk/sealing/rentalRequest'
import type { Machine } from '../machines/machineDriver.ts'

type Answering = NonNullable<RentalRequest['readyWhen']>

const patienceMilliseconds = 2_000
/** An engine takes a connection to a published port before anything in the machine listens, and closes it then. */
const staysMilliseconds = 250

/** Never throws. Nothing of what the program says is kept. */
export async function machineAnswers(
  machine: Machine | undefined,
  { port, path }: Answering,
): Promise<boolean> {
  const place = machine?.ports[port]
  if (machine?.state !== 'running' || place === undefined) return false
  return path === undefined ? await takesConnections(place) : await answersHttp({ ...place, path })
}

function takesConnections(place: { readonly host: string; readonly port: number }): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(place)
    const end = (answers: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answers)
    }
    let timer = setTimeout(end, patienceMilliseconds, false)
    socket.once('connect', () => {
      clearTimeout(timer)
      timer = setTimeout(end, staysMilliseconds, true)
    })
    socket.once('data', () => end(true))
    socket.once('error', () => end(false))
    socket.once('close', () => end(false))
  })
}

/** Redirects are an answer, and are not followed. */
function answersHttp(asked: {
  readonly host: string
  readonly port: number
  readonly path: string
}): Promise<boolean> {
  return new Promise(resolve => {
    const signal = AbortSignal.timeout(patienceMilliseconds)
    const outgoing = request({ ...asked, signal, agent: false }, ({ statusCode = 0 }) => {
      resolve(statusCode >= 200 && statusCode < 400)
      outgoing.destroy()
    })
    outgoing.once('error', () => resolve(false))
    outgoing.end()
  })
}
