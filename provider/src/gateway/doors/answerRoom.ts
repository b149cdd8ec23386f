// How much of answers is held for clients that have not read them yet: results are large, and whoever pays for one can ask
// for it as often as he likes.
import type { ServerResponse } from 'node:http'
import { createUnderWay } from '@worldland-aa/service/http/underWay'
import type { Payer } from '../../payment/paymentGate.ts'

export type AnswerRoom = {
  /** Before the answer is read from the disk; its room is given back when its client has it, or is gone. */
  take(payer: Payer, bytes: number, outgoing: ServerResponse): boolean
}

const mebibyte = 1024 * 1024
/** Two of the largest results for one session. Requests are counted by the door. */
const mostHeld = {
  requests: Number.POSITIVE_INFINITY,
  requestsPerCaller: Number.POSITIVE_INFINITY,
  bytes: 256 * mebibyte,
  bytesPerCaller: 48 * mebibyte,
}

export function createAnswerRoom(): AnswerRoom {
  const underWay = createUnderWay(mostHeld)
  return {
    take({ sessionId }, bytes, outgoing) {
      const place = underWay.begin(String(sessionId))
      if (place === undefined) return false
      const hasRoom = place.grow(bytes)
      if (!hasRoom || outgoing.destroyed) place.end()
      else outgoing.once('close', place.end)
      return hasRoom
    },
  }
}
