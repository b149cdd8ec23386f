// What a machine has written, as plain text, for whoever may use its lease; on request as it goes on.
import type { MachineDriver } from '../../machines/machineDriver.ts'
import type { Admitted } from '../admission.ts'
import type { Guests } from '../guests.ts'
import { userOf } from '../leaseTerms.ts'

const usualLines = 200
const mostLines = 10_000

/** Undefined where too many of the lease are in. */
export function answerLogs(
  guest: Admitted,
  query: (name: string) => string | undefined,
  { driver, guests }: { readonly driver: Pick<MachineDriver, 'logs'>; readonly guests: Guests },
): Response | undefined {
  const ending = new AbortController()
  const leave = guests.enter({ ...guest, putOut: () => ending.abort() })
  if (leave === undefined) return undefined
  const asked = Number(query('tail') ?? usualLines)
  const tailLines = Number.isInteger(asked) && asked >= 0 ? Math.min(asked, mostLines) : usualLines
  const follow = query('follow') === '1'
  const chunks = driver.logs(userOf(guest.leaseId), { tailLines, follow, signal: ending.signal })
  const body = ReadableStream.from(untilLeft(chunks, ending, leave))
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  }
  return new Response(body, { headers })
}

async function* untilLeft(
  chunks: AsyncIterable<Uint8Array>,
  ending: AbortController,
  leave: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } finally {
    ending.abort()
    leave()
  }
}
