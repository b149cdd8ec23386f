// Whether somebody still waits for an answer.
import type { ServerResponse } from 'node:http'

/** Made once: an error with a stack for each caller that goes costs more than the answer. */
const reason = new Error('The caller is gone')

/** Aborts when the caller goes before it has its answer. */
export function goneSignal(outgoing: ServerResponse): AbortSignal {
  const gone = new AbortController()
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort(reason)
  })
  if (outgoing.destroyed) gone.abort(reason)
  return gone.signal
}
