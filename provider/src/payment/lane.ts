// A lane: what one right of one session has signed and used. Its name is how it stands in the data file.
import type { Payer } from './paymentGate.ts'

const laneForm = /^(\d{1,29}):(\d{1,78})$/

export function payerOf(lane: { readonly sessionId: bigint; readonly rightId: bigint }): Payer {
  const { sessionId, rightId } = lane
  return { sessionId, rightId, lane: `${sessionId}:${rightId}` }
}

export function payerOfLane(lane: string): Payer | undefined {
  const [, sessionId, rightId] = laneForm.exec(lane) ?? []
  return sessionId === undefined || rightId === undefined
    ? undefined
    : payerOf({ sessionId: BigInt(sessionId), rightId: BigInt(rightId) })
}
